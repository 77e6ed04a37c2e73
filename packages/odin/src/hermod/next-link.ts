import type { HttpRequest, HttpResponder } from '../http/message.ts';
import { NEXT_LINK_PATH, type ResolvedHermod } from './options.ts';

/**
 * Answers the proxy's own questions about held calls. A valid signature, `Grip-Last` (which clients cannot send through
 * the proxy) and the sealed lease are the proof together; whoever lacks one of them learns nothing. These requests carry
 * no token and may name an internal host.
 *
 * @returns false when the path is none of these links
 */
export function createNextLink(
  hermod: ResolvedHermod,
): (request: HttpRequest, responder: HttpResponder) => Promise<boolean> {
  return async (request, responder) => {
    if (!request.path.startsWith(`${NEXT_LINK_PATH}/`)) return false;
    const proxied = request.method === 'GET' && (await hermod.isProxied(request.header('grip-sig')));
    if (!proxied) {
      responder.send(404, {});
      return true;
    }
    const token = request.path.slice(NEXT_LINK_PATH.length + 1);
    const { status, headers, body } = hermod.holds.recover({ token, last: request.header('grip-last') });
    responder.send(status, headers, body);
    return true;
  };
}

import type { HttpRequest, HttpResponder } from '../http/message.ts';
import { NEXT_LINK_PATH, type ResolvedHermod } from './options.ts';

/**
 * Answers the proxy's own questions about held calls. A valid signature, and `Grip-Last` (which clients cannot send through
 * the proxy) with a sealed lease are the proof together; whoever lacks one of them learns nothing. These requests carry
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
    const { status, headers, body } = hermod.holds.recover({ last: request.header('grip-last') });
    responder.send(status, headers, body);
    return true;
  };
}

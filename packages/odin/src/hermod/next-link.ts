import type { RecoveryAnswer } from '@asgard/grip';
import type { HttpRequest, HttpResponder } from '../http/message.ts';
import type { ResolvedHermod } from './options.ts';
import { NEXT_LINK_PATH } from './recovery.ts';
import { askOwner } from './relay.ts';

/**
 * Answers the proxy's own questions about held calls. A valid signature, and `Grip-Last` (which clients cannot send through
 * the proxy) with a sealed lease are the proof together; whoever lacks one of them learns nothing. These requests carry
 * no token and may name an internal host. What is for another replica is passed on to it, when replicas know each other.
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
    const { status, headers, body } = await answer(request, hermod);
    responder.send(status, headers, body);
    return true;
  };
}

async function answer(
  request: HttpRequest,
  { holds, neighbours }: ResolvedHermod,
): Promise<Pick<RecoveryAnswer, 'status' | 'headers' | 'body'>> {
  const last = request.header('grip-last');
  const own = holds.recover({ last });
  if (own.owner === undefined || !neighbours) return own;
  const word = await askOwner(own.owner, request, neighbours);
  return word === 'over' ? holds.recover({ last, ownerGone: true }) : (word ?? own);
}

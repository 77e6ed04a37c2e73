import { RPC } from '../protocol/vocabulary.ts';
import { BodyTooLarge, BodyUnreadable, type HttpRequest } from './message.ts';
import { type Refusal, refuse, refuseWith } from './refusal.ts';

/** Pushpin fails requests with larger bodies when the answer is a hold, after the tool has run; they are streamed instead. */
const MAX_HOLDABLE_BODY = 95_000;

/** Whether the proxy can hold the answer. Counts bytes, and only when the number of characters leaves it open. */
export function isHoldable(body: string): boolean {
  if (body.length * 3 <= MAX_HOLDABLE_BODY) return true;
  return body.length <= MAX_HOLDABLE_BODY && new TextEncoder().encode(body).byteLength <= MAX_HOLDABLE_BODY;
}

/** The text of the body, or why there is none. */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<string | Refusal> {
  try {
    return await request.readBody(maxBytes);
  } catch (thrown) {
    if (thrown instanceof BodyTooLarge)
      // The rest is not read, so nothing else can come on this connection.
      return refuse(413, `Payload Too Large: the request body exceeds ${maxBytes} bytes`, { connection: 'close' });
    if (thrown instanceof BodyUnreadable)
      return refuseWith({
        status: 400,
        code: RPC.parseError,
        message: 'Parse error: the request body could not be read',
      });
    throw thrown;
  }
}

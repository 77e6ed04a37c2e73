import { type FinalAnswer, handlerError } from './answer.ts';
import { type Ending, messageOf } from './cancellation.ts';
import { RPC } from './vocabulary.ts';

/** What the client gets when the handler has no answer by then: an error, and whether the same request may be sent again. */
export function endedAnswer(ending: Ending): FinalAnswer {
  return handlerError(RPC.internalError, messageOf(ending), { retryable: true });
}

/** What a caller hears whose token was revoked in mid-call. */
export const REVOKED: FinalAnswer = handlerError(RPC.refused, 'The access token was revoked. Sign in again.');

import type { Answer } from '../protocol/answer.ts';
import type { Exchange } from '../protocol/exchange.ts';
import type { ExchangeEvent, ReplyKind } from './exchange-event.ts';

/** One finished exchange as an event. Names who and what, never arguments or results. */
export function observe(
  exchange: Exchange,
  answer: Answer,
  outcome: { reply: ReplyKind; status: number; durationMs: number },
): ExchangeEvent {
  const target = exchange.params.name ?? exchange.params.uri;
  const { principal } = exchange;
  return {
    ...outcome,
    method: exchange.method,
    era: exchange.era,
    ...(typeof target === 'string' && { target }),
    ...(principal && { subject: principal.subject }),
    ...(principal?.username !== undefined && { username: principal.username }),
    ...(answer.kind === 'error' && { errorCode: answer.error.code }),
    ...(answer.kind === 'result' && answer.result.isError === true && { toolError: true }),
  };
}

import { OdinError, RpcError } from '../errors.ts';
import type { Middleware } from '../protocol/middleware.ts';
import { RPC } from '../protocol/vocabulary.ts';

export interface TimeoutOptions {
  /** Milliseconds from the arrival of the request, at most 2147483647. */
  readonly ms: number;
  /** Methods that it is for. @default every method but subscriptions/listen, which lasts by nature */
  readonly methods?: readonly string[];
}

/** What timers can wait for; a longer time they take for none. */
const LONGEST_MS = 2_147_483_647;

/** Ends what takes too long: its signal aborts, and the caller is told. A handler that never settles cannot keep a client waiting. @throws OdinError `bad_option` */
export function timeout({ ms, methods }: TimeoutOptions): Middleware {
  if (!(ms > 0 && ms <= LONGEST_MS))
    throw new OdinError('bad_option', `timeout, option ms: must be above 0 and at most ${LONGEST_MS}, not ${ms}.`);
  const applies = (method: string): boolean => (methods ? methods.includes(method) : method !== 'subscriptions/listen');
  return (exchange, next) => {
    if (!applies(exchange.method)) return next();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `Timed out after ${ms} ms`;
        exchange.cancellation.cancel(message);
        reject(new RpcError(RPC.refused, message));
      }, ms);
      next()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  };
}

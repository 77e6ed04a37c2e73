import { RpcError } from '../errors.ts';
import { delayMs } from '../option-rules.ts';
import type { Middleware } from '../protocol/middleware.ts';
import { RPC } from '../protocol/vocabulary.ts';

export interface TimeoutOptions {
  /** Milliseconds from the arrival of the request, at most 2147483647. */
  readonly ms: number;
  /** Methods that it is for. @default every method but subscriptions/listen, which lasts by nature */
  readonly methods?: readonly string[];
}

/** Ends what takes too long: its signal aborts, and the caller is told. A handler that never settles cannot keep a client waiting. @throws OdinError `bad_option` */
export function timeout({ ms, methods }: TimeoutOptions): Middleware {
  delayMs('timeout, option ms', ms);
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

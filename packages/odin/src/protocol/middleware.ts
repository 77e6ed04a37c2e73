import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/**
 * Something around every method. Call `next` once for the answer of what is inside, or do not call it and answer
 * yourself: return an Answer, or throw an RpcError.
 */
export type Middleware = (exchange: Exchange, next: () => Promise<Answer>) => Answer | Promise<Answer>;

/** Runs middleware as an onion: the first added is the outermost. */
export function runThrough(
  middleware: readonly Middleware[],
  exchange: Exchange,
  last: () => Promise<Answer>,
): Promise<Answer> {
  const enter = async (at: number): Promise<Answer> => {
    const layer = middleware[at];
    if (!layer) return last();
    let called = false;
    return layer(exchange, () => {
      if (called) throw new Error('next() was called twice by one middleware');
      called = true;
      return enter(at + 1);
    });
  };
  return enter(0);
}

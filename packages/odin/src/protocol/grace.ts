import type { FinalAnswer } from './answer.ts';
import type { Cancellation, Ending } from './cancellation.ts';
import { endedAnswer } from './ending.ts';

/** What a handler has for an answer of its own once its signal says that the call ends. Less than the second in which a held stream is closed. */
export const GRACE_MS = 500;

/** What of a call its end needs. */
export interface EndedCall {
  readonly cancellation: Cancellation;
  finish(answer: FinalAnswer): Promise<void>;
}

/** The end of one call from this side, and the moment before it. */
export class Grace {
  readonly #call: EndedCall;
  #ended: Promise<void> | undefined;
  #over: (() => void) | undefined;

  constructor(call: EndedCall) {
    this.#call = call;
  }

  /** Tells the handler, and answers for it when it has not in time. Resolves when the client has an answer. Once; later calls wait for the same. */
  end(ending: Ending, isAnswered: boolean): Promise<void> {
    this.#ended ??= this.#end(ending, isAnswered);
    return this.#ended;
  }

  /** There is an answer, or nobody to give it to. */
  over(): void {
    this.#over?.();
  }

  async #end(ending: Ending, isAnswered: boolean): Promise<void> {
    this.#call.cancellation.end(ending);
    if (!isAnswered) await this.#wait();
    await this.#call.finish(endedAnswer(ending)).catch(() => {});
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      this.#over = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

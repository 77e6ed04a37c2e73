/** What a handler has for an answer of its own once its signal says that the call ends. Less than the second in which a held stream is closed. */
export const GRACE_MS = 500;

/** The moment between that signal and the end of the call. */
export class Grace {
  #over: (() => void) | undefined;

  /** Resolves when the time is up, or there is nothing to wait for any more. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      this.#over = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** There is an answer, or nobody to give it to. */
  over(): void {
    this.#over?.();
  }
}

/** Counts the requests that are being answered. */
export class InFlight {
  #count = 0;
  #idle: (() => void) | undefined;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle?.();
  }

  /** Resolves when there are none, or the time is up. */
  untilIdle(deadlineMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

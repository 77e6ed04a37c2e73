/** Enough for a response to arrive in a read of its own on one machine. Milliseconds. */
const PAUSE_MS = 3;

/**
 * The pause between the last notification and the response of one exchange. SDK clients handle a notification a turn
 * later than a response that arrives in the same read, when nobody listens for it any more, and drop it.
 */
export class Pause {
  #spokeAt = Number.NEGATIVE_INFINITY;

  /** A notification was sent. */
  spoke(): void {
    this.#spokeAt = performance.now();
  }

  /** Resolves when the response may follow; undefined when it may at once. */
  wait(): Promise<void> | undefined {
    if (performance.now() - this.#spokeAt >= PAUSE_MS) return undefined;
    return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

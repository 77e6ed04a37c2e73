/**
 * The end of interest in one exchange. The AbortSignal is only made when somebody asks for it:
 * most calls end before anybody does.
 */
export class Cancellation {
  #controller: AbortController | undefined;
  #reason: DOMException | undefined;
  #cancelled = false;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Why; empty while nothing was cancelled. */
  get reason(): string {
    return this.#reason?.message ?? '';
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  cancel(reason: string): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = new DOMException(reason, 'AbortError');
    this.#controller?.abort(this.#reason);
  }
}

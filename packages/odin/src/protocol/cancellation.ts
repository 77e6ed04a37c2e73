/** Why a call is ended from this side: the time of its caller's token or of its stream is over; the server shuts down. */
export type Ending = 'expired' | 'drained';

const MESSAGES: Readonly<Record<Ending, string>> = {
  expired: 'This call was not finished in time. Retry the request.',
  drained: 'The server shuts down. Retry the request.',
};

export function messageOf(ending: Ending): string {
  return MESSAGES[ending];
}

/**
 * The end of interest in one exchange. The AbortSignal is only made when somebody asks for it:
 * most calls end before anybody does.
 */
export class Cancellation {
  #controller: AbortController | undefined;
  #reason: DOMException | undefined;
  #cancelled = false;
  #byClient = false;
  #ending: Ending | undefined;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Why; empty while nothing was cancelled. */
  get reason(): string {
    return this.#reason?.message ?? '';
  }

  /** Whether the client itself wants no answer any more. Whoever else cancels owes it one. */
  get byClient(): boolean {
    return this.#byClient;
  }

  /** Present when this side could not let the call go on. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** From this side. */
  cancel(reason: string): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = new DOMException(reason, 'AbortError');
    this.#controller?.abort(this.#reason);
  }

  /** The client has left, or says that it does not wait any more. */
  leave(reason: string): void {
    if (this.#cancelled) return;
    this.#byClient = true;
    this.cancel(reason);
  }

  /** The call may not go on, and can be made again. */
  end(ending: Ending): void {
    if (this.#cancelled) return;
    this.#ending = ending;
    this.cancel(messageOf(ending));
  }
}

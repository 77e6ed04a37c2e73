import type { HttpRequest } from '../http/message.ts';

/** Whether the client of one HTTP request is still connected. */
export class Presence {
  #gone = false;
  readonly #listeners: (() => void)[] = [];

  constructor(request: HttpRequest) {
    request.onDisconnect(() => {
      this.#gone = true;
      for (const listener of this.#listeners.splice(0)) listener();
    });
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Called at once if it is too late. */
  onGone(listener: () => void): void {
    if (this.#gone) listener();
    else this.#listeners.push(listener);
  }
}

import type { ExchangeEvent } from './exchange-event.ts';

/** Told of each finished exchange. */
export interface ExchangeObserver {
  tell(event: ExchangeEvent): void;
  /** False while nobody would hear it, so that no event is made for nothing. */
  wanted(): boolean;
}

/** Everybody who is told of finished exchanges. */
export class Observers {
  readonly #observers = new Set<ExchangeObserver>();

  /** Returns what ends it. */
  add(observer: ExchangeObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  get wanted(): boolean {
    for (const observer of this.#observers) if (observer.wanted()) return true;
    return false;
  }

  tell(event: ExchangeEvent): void {
    for (const observer of this.#observers) if (observer.wanted()) observer.tell(event);
  }
}

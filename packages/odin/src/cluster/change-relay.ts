import type { Logger } from '../observability/logger.ts';
import type { Topic } from '../protocol/exchange.ts';
import type { MessageBus, Stop } from './message-bus.ts';

export interface ChangeRelayOptions {
  readonly bus: MessageBus;
  /** Tells the streams of this process. */
  readonly local: (topic: Topic) => void;
  readonly logger: Logger;
}

const CHANGES = 'changes';

/** Says a change on the streams of this process and, once for all of them, to the other replicas. */
export class ChangeRelay {
  readonly #options: ChangeRelayOptions;
  readonly #self: string = globalThis.crypto.randomUUID();
  readonly #subscribed: Promise<Stop | undefined>;

  constructor(options: ChangeRelayOptions) {
    this.#options = options;
    this.#subscribed = options.bus
      .subscribe(CHANGES, (text) => this.#hear(text))
      .catch((error: unknown) => {
        options.logger.error({ error }, 'changes that other replicas tell of cannot be heard');
        return undefined;
      });
  }

  async publish(topic: Topic): Promise<void> {
    this.#options.local(topic);
    await this.#options.bus.publish(CHANGES, JSON.stringify({ from: this.#self, topic }));
  }

  async close(): Promise<void> {
    (await this.#subscribed)?.();
  }

  #hear(text: string): void {
    const { from, topic } = JSON.parse(text) as { from: string; topic: Topic };
    if (from !== this.#self) this.#options.local(topic);
  }
}

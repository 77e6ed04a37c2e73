import type { Logger } from '../observability/logger.ts';
import type { Topic } from '../protocol/exchange.ts';
import type { MessageBus, Stop } from './message-bus.ts';

export interface ChangeRelayOptions {
  readonly bus: MessageBus;
  /** Tells the streams of this process. */
  readonly local: (topic: Topic) => void;
  readonly logger: Logger;
  /** How long after a failure it is tried again to hear the other replicas. Milliseconds. @default 2000 */
  readonly retryMs?: number;
}

const CHANGES = 'changes';

/** Says a change on the streams of this process and, once for all of them, to the other replicas. */
export class ChangeRelay {
  readonly #options: ChangeRelayOptions;
  readonly #self: string = globalThis.crypto.randomUUID();
  #subscribed: Promise<Stop | undefined>;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #toldOfFailure = false;
  #closed = false;

  constructor(options: ChangeRelayOptions) {
    this.#options = options;
    this.#subscribed = this.#subscribe();
  }

  /** Never rejects: whoever made the change has made it, and cannot help it when others are out of reach. */
  async publish(topic: Topic): Promise<void> {
    this.#options.local(topic);
    try {
      await this.#options.bus.publish(CHANGES, JSON.stringify({ from: this.#self, topic }));
    } catch (error) {
      this.#options.logger.warn({ error, topic }, 'other replicas could not be told of a change');
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    (await this.#subscribed)?.();
  }

  async #subscribe(): Promise<Stop | undefined> {
    const { bus, logger, retryMs = 2_000 } = this.#options;
    try {
      return await bus.subscribe(CHANGES, (text) => this.#hear(text));
    } catch (error) {
      if (!this.#toldOfFailure) logger.error({ error }, 'changes that other replicas tell of cannot be heard');
      this.#toldOfFailure = true;
      if (this.#closed) return undefined;
      this.#retry = setTimeout(() => {
        this.#subscribed = this.#subscribe();
      }, retryMs);
      (this.#retry as { unref?: () => void }).unref?.();
      return undefined;
    }
  }

  #hear(text: string): void {
    const { from, topic } = JSON.parse(text) as { from: string; topic: Topic };
    if (from !== this.#self) this.#options.local(topic);
  }
}

import {
  formatRevocation,
  parseRevocation,
  type RevocationBus,
  type RevocationListener,
} from '@asgard/heimdall-client';
import type { MessageBus, Stop } from '../cluster/message-bus.ts';
import { OdinError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';

export interface RevocationBusOptions {
  /** The bus of the cluster. */
  readonly bus: MessageBus;
  /** Told when revocations cannot be heard, and of what cannot be read. */
  readonly logger: Logger;
  /** How long after a failure it is tried again. Milliseconds. @default 2000 */
  readonly retryMs?: number;
}

const LOG = 'revocations';
/** A day, as long as a verifier remembers them. */
const LIMITS = { maxLen: 10_000, ttlMs: 86_400_000 };
const PAGE = 500;

/**
 * Carries revocations between the replicas that share a cluster: the `revocations.bus` of a verifier. They are kept for a day, so that a
 * replica which starts, or was cut off, hears of those that it missed.
 */
export function createRevocationBus(options: RevocationBusOptions): RevocationBus {
  return {
    async publish(revocation) {
      await options.bus.append(LOG, formatRevocation(revocation), LIMITS);
    },
    subscribe(listener) {
      const follower = new Follower(options, listener);
      return () => follower.stop();
    },
  };
}

class Follower {
  readonly #options: RevocationBusOptions;
  readonly #listener: RevocationListener;
  #leave: Stop | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #toldOfFailure = false;

  constructor(options: RevocationBusOptions, listener: RevocationListener) {
    this.#options = options;
    this.#listener = listener;
    void this.#begin();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#leave?.();
  }

  async #begin(): Promise<void> {
    const { logger, retryMs = 2_000 } = this.#options;
    try {
      await this.#follow();
      this.#toldOfFailure = false;
    } catch (error) {
      if (this.#stopped || isClosed(error)) return;
      if (!this.#toldOfFailure) logger.error({ error }, 'revocations of other replicas cannot be heard');
      this.#toldOfFailure = true;
      this.#retry = setTimeout(() => void this.#begin(), retryMs);
      (this.#retry as { unref?: () => void }).unref?.();
    }
  }

  /** Everything that is known, then what comes. Whatever is gone from the log is older than any token. */
  async #follow(): Promise<void> {
    const { bus } = this.#options;
    let after: string | undefined;
    for (;;) {
      const { items } = await bus.read(LOG, after, PAGE);
      for (const { data } of items) this.#hear(data);
      after = items.at(-1)?.id ?? after;
      if (items.length < PAGE) break;
    }
    const leave = await bus.tail(LOG, after, {
      item: ({ data }) => this.#hear(data),
      lost: () => void this.#begin(),
    });
    if (this.#stopped) leave();
    else this.#leave = leave;
  }

  #hear(text: string): void {
    if (this.#stopped) return;
    try {
      this.#listener(parseRevocation(text));
    } catch (error) {
      this.#options.logger.warn({ error }, 'a revocation cannot be read');
    }
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof OdinError && error.code === 'closed';
}

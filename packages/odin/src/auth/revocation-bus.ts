import {
  formatRevocation,
  type GapListener,
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
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

const LOG = 'revocations';
/** A day, and as many as a verifier remembers. */
const LIMITS = { maxLen: 100_000, maxChars: 33_554_432, ttlMs: 86_400_000 };
const PAGE = 500;
/** How far the clocks of replicas and issuers may be apart: the most that a verifier tolerates. Milliseconds. */
const SKEW_MS = 60_000;

/**
 * Carries revocations between the replicas that share a cluster: the `revocations.bus` of a verifier. They are kept for a day, so that a
 * replica which starts, or was cut off, hears of those that it missed. When there were more than can be kept, it hears that tokens which were issued before
 * the oldest of the kept ones are to be held void.
 */
export function createRevocationBus(options: RevocationBusOptions): RevocationBus {
  return {
    async publish(revocation) {
      const { now = Date.now } = options;
      await options.bus.append(LOG, `${now()} ${formatRevocation(revocation)}`, LIMITS);
    },
    subscribe(listener, onGap) {
      const follower = new Follower(options, listener, onGap);
      return () => follower.stop();
    },
  };
}

class Follower {
  readonly #options: RevocationBusOptions;
  readonly #listener: RevocationListener;
  readonly #onGap: GapListener;
  #leave: Stop | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #toldOfFailure = false;

  constructor(options: RevocationBusOptions, listener: RevocationListener, onGap: GapListener = () => {}) {
    this.#options = options;
    this.#listener = listener;
    this.#onGap = onGap;
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

  /** Everything that is known, then what comes. */
  async #follow(): Promise<void> {
    const { bus } = this.#options;
    let after: string | undefined;
    for (;;) {
      const { items, truncated } = await bus.read(LOG, after, PAGE);
      const [oldest] = items;
      if (truncated && oldest) this.#hearGap(oldest.data);
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

  #hear(data: string): void {
    if (this.#stopped) return;
    try {
      this.#listener(parseRevocation(data.slice(data.indexOf(' ') + 1)));
    } catch (error) {
      this.#options.logger.warn({ error }, 'a revocation cannot be read');
    }
  }

  /** What is gone was revoked before the oldest one that is kept. After a day no verifier would remember it either. */
  #hearGap(oldest: string): void {
    const { now = Date.now, logger } = this.#options;
    const at = Number.parseInt(oldest, 10);
    const until = (Number.isFinite(at) ? at : now()) + SKEW_MS;
    if (this.#stopped || until + LIMITS.ttlMs <= now()) return;
    logger.warn({ issuedBefore: until / 1000 }, 'more revocations than are kept: older tokens are refused');
    this.#onGap(until / 1000);
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof OdinError && error.code === 'closed';
}

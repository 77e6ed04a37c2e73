import type { Cluster } from '../cluster/cluster.ts';
import type { Stop } from '../cluster/message-bus.ts';
import type { Logger } from '../observability/logger.ts';
import type { RequestId } from '../protocol/answer.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** What every replica is told, each for the connections and calls that it has. */
export type Notice =
  | { readonly kind: 'reader'; readonly sid: string; readonly stream: string; readonly from: string }
  | { readonly kind: 'changed' | 'ended'; readonly sid: string }
  | { readonly kind: 'cancel'; readonly sid: string; readonly id: RequestId; readonly reason: string };

export interface ReplicaOptions {
  readonly cluster: Cluster;
  readonly logger: Logger;
  readonly onNotice: (notice: Notice) => void;
  /** A client's response to a question of this process. */
  readonly onResponse: (sid: string, response: JsonObject) => void;
  /** Responses were lost; whoever waits for one does so in vain. */
  readonly onMissed: () => void;
  /** How long a process that says nothing counts as alive. Milliseconds. @default 10000 */
  readonly leaseMs?: number;
}

const NOTICES = 'sessions';
const ALIVE = '1';
/** Instead of a lease: its process said good-bye, so nobody has to wait for it to lapse. */
const CLOSED = '0';
/** As long as a stream of its calls may be come back for. */
const CLOSED_TTL_MS = 3_600_000;
/** How soon a renewal that failed is tried again. Milliseconds. */
const RETRY_MS = 500;
const INBOX_LIMITS = { maxLen: 10_000, maxChars: 16_777_216, ttlMs: 600_000 };

/** This process among the replicas of its server: hears notices, has an inbox, and is known to be alive. */
export class Replica {
  /** New with every start, so that nothing is delivered to a process that does not know what it is about. */
  readonly epoch: string = globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 16);
  readonly #options: ReplicaOptions;
  readonly #leaseMs: number;
  readonly #stops: Stop[] = [];
  #listening: Promise<void> | undefined;
  #alive: Promise<void> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  /** Since when the own lease was never missing, `performance.now()`: as long, those of others cannot have got lost. */
  #steadySince: number = Number.POSITIVE_INFINITY;
  #toldOfFailure = false;
  #closed = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 10_000;
  }

  /** From here on notices arrive. Costs nothing before the first session. */
  listen(): Promise<void> {
    this.#listening ??= this.#subscribe().catch((thrown: unknown) => {
      this.#listening = undefined;
      throw thrown;
    });
    return this.#listening;
  }

  /** From here on other replicas can answer to this one, and notice when it is gone. */
  appear(): Promise<void> {
    this.#alive ??= this.#register().catch((thrown: unknown) => {
      this.#alive = undefined;
      throw thrown;
    });
    return this.#alive;
  }

  tell(notice: Notice): Promise<void> {
    return this.#options.cluster.bus.publish(NOTICES, JSON.stringify(notice));
  }

  /** Hands a client's response to the process that asked. False when that process is gone. */
  async respond(epoch: string, sid: string, response: JsonObject): Promise<boolean> {
    if (epoch === this.epoch) {
      this.#options.onResponse(sid, response);
      return true;
    }
    const { bus, state } = this.#options.cluster;
    // Not for whoever may be alive: anybody can make up an epoch, and each would get an inbox.
    if ((await state.get(leaseOf(epoch))) !== ALIVE) return false;
    await bus.append(inboxOf(epoch), JSON.stringify({ sid, response }), INBOX_LIMITS);
    return true;
  }

  /**
   * False when that process has closed, or has let its lease lapse. After the store was away, or lost what it had, a lease that is
   * missing says nothing until everybody had the time to renew it.
   */
  async isAlive(epoch: string): Promise<boolean> {
    if (epoch === this.epoch) return true;
    await this.appear();
    const lease = await this.#options.cluster.state.get(leaseOf(epoch));
    if (lease !== undefined) return lease === ALIVE;
    await this.#renew();
    return performance.now() - this.#steadySince < this.#leaseMs / 2;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#renewal);
    for (const stop of this.#stops.splice(0)) stop();
    const { state } = this.#options.cluster;
    if (this.#alive) await state.set(leaseOf(this.epoch), CLOSED, { ttlMs: CLOSED_TTL_MS }).catch(() => false);
  }

  async #subscribe(): Promise<void> {
    const stop = await this.#options.cluster.bus.subscribe(NOTICES, (text) =>
      this.#options.onNotice(JSON.parse(text) as Notice),
    );
    if (this.#closed) stop();
    else this.#stops.push(stop);
  }

  async #register(): Promise<void> {
    await this.#renew();
    await this.#hear(undefined);
    this.#renewLater(this.#leaseMs / 3);
    if (this.#closed) await this.close();
  }

  async #hear(after: string | undefined): Promise<void> {
    const stop = await this.#options.cluster.bus.tail(inboxOf(this.epoch), after, {
      item: ({ data }) => {
        const { sid, response } = JSON.parse(data) as { sid: string; response?: unknown };
        if (isJsonObject(response)) this.#options.onResponse(sid, response);
      },
      lost: () => void this.#recover(),
    });
    if (this.#closed) stop();
    else this.#stops.push(stop);
  }

  /** Goes on from here, and says that something is missing. */
  async #recover(): Promise<void> {
    const { cluster, logger, onMissed } = this.#options;
    logger.error({ epoch: this.epoch }, 'responses of clients were lost');
    onMissed();
    await this.#hear(await cluster.bus.append(inboxOf(this.epoch), '{}', INBOX_LIMITS));
  }

  #renewLater(ms: number): void {
    if (this.#closed) return;
    this.#renewal = setTimeout(() => {
      this.#renew().then(
        () => {
          this.#toldOfFailure = false;
          this.#renewLater(this.#leaseMs / 3);
        },
        (error: unknown) => {
          if (!this.#toldOfFailure)
            this.#options.logger.warn({ error }, 'the lease of this replica could not be renewed');
          this.#toldOfFailure = true;
          this.#renewLater(Math.min(RETRY_MS, this.#leaseMs / 3));
        },
      );
    }, ms);
    (this.#renewal as { unref?: () => void }).unref?.();
  }

  async #renew(): Promise<void> {
    const { state } = this.#options.cluster;
    const [lease, ttlMs] = [leaseOf(this.epoch), this.#leaseMs];
    try {
      if (await state.touch(lease, ttlMs, ALIVE)) return;
      await state.set(lease, ALIVE, { ttlMs });
      this.#steadySince = performance.now();
    } catch (thrown) {
      this.#steadySince = Number.POSITIVE_INFINITY;
      throw thrown;
    }
  }
}

function leaseOf(epoch: string): string {
  return `replica:${epoch}`;
}

function inboxOf(epoch: string): string {
  return `inbox:${epoch}`;
}

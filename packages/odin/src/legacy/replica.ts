import type { Cluster } from '../cluster/cluster.ts';
import { Lease } from '../cluster/lease.ts';
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
/** How soon it is tried again to hear what comes. Milliseconds. */
const RETRY_MS = 1_000;
const INBOX_LIMITS = { maxLen: 10_000, maxChars: 16_777_216, ttlMs: 600_000 };

/** This process among the replicas of its server: hears notices, has an inbox, and is known to be alive. */
export class Replica {
  /** New with every start, so that nothing is delivered to a process that does not know what it is about. */
  readonly epoch: string = globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 16);
  readonly #options: ReplicaOptions;
  readonly #lease: Lease;
  readonly #stops: Stop[] = [];
  #listening: Promise<void> | undefined;
  #alive: Promise<void> | undefined;
  #closed = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    const { cluster, logger, leaseMs } = options;
    const { state } = cluster;
    this.#lease = new Lease({ state, logger, id: this.epoch, ...(leaseMs !== undefined && { leaseMs }) });
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
    // Not for whoever may be alive: anybody can make up an epoch, and each would get an inbox.
    if ((await this.#lease.of(epoch)) === undefined) return false;
    const { bus } = this.#options.cluster;
    await bus.append(inboxOf(epoch), JSON.stringify({ sid, response }), INBOX_LIMITS);
    return true;
  }

  async isAlive(epoch: string): Promise<boolean> {
    if (epoch === this.epoch) return true;
    await this.appear();
    return !(await this.#lease.isGone(epoch));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops.splice(0)) stop();
    await this.#lease.close();
  }

  async #subscribe(): Promise<void> {
    const stop = await this.#options.cluster.bus.subscribe(NOTICES, (text) =>
      this.#options.onNotice(JSON.parse(text) as Notice),
    );
    if (this.#closed) stop();
    else this.#stops.push(stop);
  }

  async #register(): Promise<void> {
    await this.#lease.take();
    await this.#hear(undefined);
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
    while (!this.#closed) {
      try {
        return await this.#hear(await cluster.bus.append(inboxOf(this.epoch), '{}', INBOX_LIMITS));
      } catch {
        // The cluster is out of reach once more.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

function inboxOf(epoch: string): string {
  return `inbox:${epoch}`;
}

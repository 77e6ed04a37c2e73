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
    if (!(await this.isAlive(epoch))) return false;
    await this.#options.cluster.bus.append(inboxOf(epoch), JSON.stringify({ sid, response }), INBOX_LIMITS);
    return true;
  }

  async isAlive(epoch: string): Promise<boolean> {
    return epoch === this.epoch || (await this.#options.cluster.state.get(leaseOf(epoch))) !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#alive) await this.#options.cluster.state.delete(leaseOf(this.epoch)).catch(() => false);
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
    const timer = setInterval(() => {
      this.#renew().catch((error: unknown) => {
        this.#options.logger.warn({ error }, 'the lease of this replica could not be renewed');
      });
    }, this.#leaseMs / 3);
    (timer as { unref?: () => void }).unref?.();
    this.#stops.push(() => clearInterval(timer));
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

  async #renew(): Promise<void> {
    await this.#options.cluster.state.set(leaseOf(this.epoch), '1', { ttlMs: this.#leaseMs });
  }
}

function leaseOf(epoch: string): string {
  return `replica:${epoch}`;
}

function inboxOf(epoch: string): string {
  return `inbox:${epoch}`;
}

import type { Logger } from '../observability/logger.ts';
import type { Topic } from '../protocol/exchange.ts';
import { ChangeRelay } from './change-relay.ts';
import type { Cluster } from './cluster.ts';

export interface MembershipOptions {
  /** Tells the streams of this process. */
  readonly local: (topic: Topic) => void;
  readonly logger: Logger;
}

/** A server as one of those that share a cluster. */
export class Membership {
  readonly changes: ChangeRelay;
  readonly #cluster: Cluster;
  #wasReached = false;

  constructor(cluster: Cluster, options: MembershipOptions) {
    this.#cluster = cluster;
    this.changes = new ChangeRelay({ ...options, bus: cluster.bus });
  }

  /**
   * Whether the cluster was ever reached: a server that was given a wrong address is never ready. One that only loses it later stays so,
   * or a store that fails would take all replicas out of service, with everything that needs no store.
   */
  get wasReached(): boolean {
    this.#wasReached ||= this.#cluster.connected ?? true;
    return this.#wasReached;
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.#cluster.close?.();
  }
}

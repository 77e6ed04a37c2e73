import { type After, afterOnTimer } from '../cluster/after.ts';
import { Lease } from '../cluster/lease.ts';
import type { StateStore } from '../cluster/state-store.ts';
import type { Logger } from '../observability/logger.ts';

export interface WhereaboutsOptions {
  readonly state: StateStore;
  /** This start of this replica: `replica.boot`. */
  readonly owner: string;
  /** Where this replica is reached. */
  readonly advertise: string;
  /** How long a stream may go on being asked for. Milliseconds. */
  readonly maxHoldMs: number;
  readonly logger: Logger;
  /** After how much silence a replica is looked for. Milliseconds. @default 3000 */
  readonly leaseMs?: number;
  /** @default the runtime's timers */
  readonly after?: After;
  /** Milliseconds of a clock that only goes forward. @default performance.now */
  readonly now?: () => number;
}

/** What the cluster knows of one start of a replica: where it is reached, that it is over, or nothing for the moment. */
export type Whereabout = { readonly url: string } | 'over' | undefined;

/** Where the replicas are that share a cluster, and which of their starts are over. */
export class Whereabouts {
  readonly #options: WhereaboutsOptions;
  readonly #lease: Lease;

  constructor(options: WhereaboutsOptions) {
    const { state, owner, advertise, logger, leaseMs = 3_000, after = afterOnTimer, now } = options;
    const { replica, boot } = readOwner(owner);
    this.#options = options;
    const value = `${boot} ${advertise}`;
    this.#lease = new Lease({ state, id: idOf(replica), value, logger, leaseMs, after, ...(now && { now }) });
  }

  /** From here on the others can find this replica. */
  enter(): Promise<void> {
    return this.#lease.take();
  }

  /** Rejects while the store cannot be reached. */
  async of(owner: string): Promise<Whereabout> {
    const { replica, boot } = readOwner(owner);
    const value = await this.#lease.of(idOf(replica));
    if (value === undefined) return (await this.#options.state.get(endOf(owner))) === undefined ? undefined : 'over';
    const [current, url = ''] = value.split(' ');
    // A name has one process at a time: when it was started again, the start before has ended.
    return current === boot ? { url } : 'over';
  }

  /** Whether its lease has lapsed while the store was well. */
  isSilent(owner: string): Promise<boolean> {
    return this.#lease.isGone(idOf(readOwner(owner).replica));
  }

  /** True for one caller only: whose task it is to end the streams. */
  declareOver(owner: string): Promise<boolean> {
    const { state, maxHoldMs } = this.#options;
    return state.set(endOf(owner), this.#options.owner, { ttlMs: maxHoldMs, if: 'absent' });
  }

  /** Takes back the own word, so that somebody tries again. */
  async retract(owner: string): Promise<void> {
    await this.#options.state.delete(endOf(owner), this.#options.owner);
  }

  leave(): Promise<void> {
    return this.#lease.close();
  }
}

function readOwner(owner: string): { readonly replica: string; readonly boot: string } {
  const [replica = '', boot = ''] = owner.split('.');
  return { replica, boot };
}

function idOf(replica: string): string {
  return `holds:${replica}`;
}

function endOf(owner: string): string {
  return `ended:${owner}`;
}

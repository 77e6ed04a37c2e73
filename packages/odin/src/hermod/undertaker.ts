import type { Holds } from '@asgard/grip';
import { type After, afterOnTimer } from '../cluster/after.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { Lease } from '../cluster/lease.ts';
import type { Logger } from '../observability/logger.ts';

export interface UndertakerOptions {
  readonly holds: Pick<Holds, 'owner' | 'others' | 'bury'>;
  readonly cluster: Cluster;
  /** Where this replica is reached. */
  readonly advertise: string;
  /** The last block of a call: before and after the id of its request. */
  readonly block: { readonly head: string; readonly tail: string };
  readonly logger: Logger;
  /** @default the global one */
  readonly fetch?: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;
  /**
   * After how much silence a replica is looked for. Milliseconds; short, because the proxy may ask the dead replica itself at any time,
   * and then closes the stream without an error. @default 3000
   */
  readonly leaseMs?: number;
  /** How often the others are looked after. Milliseconds. @default 1000 */
  readonly watchMs?: number;
  /** @default the runtime's timers */
  readonly after?: After;
  /** Milliseconds of a clock that only goes forward. @default performance.now */
  readonly now?: () => number;
}

/** Longer than connecting may take: a process that is blocked still takes connections, one that is gone does not. */
const ANSWER_MS = 15_000;
/** Nobody else tries as long. */
const TURN_MS = 60_000;

/**
 * Ends the held calls of replicas that are gone for good, with an error that can be retried. A replica counts as gone when it was seen
 * alive and was reached then, its lease has lapsed while the store was well, and nobody takes connections there any more: whoever is
 * only cut off from the store, or busy, or never could be reached from here, is left alone.
 */
export class Undertaker {
  readonly #options: UndertakerOptions;
  readonly #lease: Lease;
  readonly #after: After;
  #stop: () => void = () => {};
  /** Where the others were reached when they were alive. */
  readonly #known = new Map<string, string>();
  readonly #busy = new Set<string>();
  #toldOfFailure = false;

  constructor(options: UndertakerOptions) {
    const { cluster, holds, advertise, logger, leaseMs = 3_000, watchMs = 1_000, after = afterOnTimer, now } = options;
    this.#options = options;
    const { state } = cluster;
    const id = idOf(holds.owner);
    this.#lease = new Lease({ state, id, value: advertise, logger, leaseMs, after, ...(now && { now }) });
    this.#after = after;
    this.#lookEvery(watchMs);
    void this.look();
  }

  /** Looks after everybody once. Never rejects. Called by the timer. */
  async look(): Promise<void> {
    const owners = this.#options.holds.others();
    for (const owner of this.#known.keys()) if (!owners.includes(owner)) this.#known.delete(owner);
    // Whoever takes long to answer must not hold up the others.
    await Promise.all(owners.filter((owner) => !this.#busy.has(owner)).map((owner) => this.#lookAfter(owner)));
    await this.#lease.take().catch(() => {});
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#lease.close();
  }

  #lookEvery(ms: number): void {
    this.#stop = this.#after(ms, () => {
      this.#lookEvery(ms);
      void this.look();
    });
  }

  async #lookAfter(owner: string): Promise<void> {
    this.#busy.add(owner);
    try {
      const url = await this.#lease.of(idOf(owner));
      await (url === undefined ? this.#judge(owner) : this.#meet(owner, url));
    } catch {
      // A store that cannot be reached says nothing about anybody.
    } finally {
      this.#busy.delete(owner);
    }
  }

  async #meet(owner: string, url: string): Promise<void> {
    if (this.#known.get(owner) === url) return;
    if (await this.#takesConnections(url)) {
      this.#known.set(owner, url);
    } else if (!this.#toldOfFailure) {
      this.#toldOfFailure = true;
      const message =
        'another replica cannot be reached at its own address, so nobody here will notice when it is gone';
      this.#options.logger.warn({ replica: owner, url }, message);
    }
  }

  async #judge(owner: string): Promise<void> {
    const url = this.#known.get(owner);
    if (url === undefined || !(await this.#lease.isGone(idOf(owner)))) return;
    if (await this.#takesConnections(url)) return;
    const { cluster, holds, block, logger } = this.#options;
    const turn = `ended:${owner}`;
    if (!(await cluster.state.set(turn, holds.owner, { ttlMs: TURN_MS, if: 'absent' }))) return;
    try {
      await holds.bury(owner, block);
      this.#known.delete(owner);
      logger.warn({ replica: owner }, 'a replica is gone: its held calls were ended');
    } catch (error) {
      logger.warn({ replica: owner, error }, 'the held calls of a replica that is gone could not be ended');
      await cluster.state.delete(turn, holds.owner);
    }
  }

  async #takesConnections(url: string): Promise<boolean> {
    const { fetch = globalThis.fetch } = this.#options;
    const signal = AbortSignal.timeout(ANSWER_MS);
    try {
      const response = await fetch(`${url}/.odin/live`, { signal });
      await response.body?.cancel();
      return true;
    } catch {
      return signal.aborted;
    }
  }
}

function idOf(owner: string): string {
  return `holds:${owner}`;
}

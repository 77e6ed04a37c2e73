import type { Holds, LastBlock } from '@asgard/grip';
import { type After, afterOnTimer } from '../cluster/after.ts';
import type { Logger } from '../observability/logger.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface UndertakerOptions {
  readonly holds: Pick<Holds, 'others' | 'bury'>;
  readonly whereabouts: Whereabouts;
  readonly acquaintances: Acquaintances;
  readonly block: LastBlock;
  readonly logger: Logger;
  /** How often the others are looked after. Milliseconds. @default 1000 */
  readonly watchMs?: number;
  /** @default the runtime's timers */
  readonly after?: After;
}

/**
 * Ends the held calls of replicas that are gone for good, with an error that can be retried. A replica counts as gone when it was seen
 * alive and was reached then, its lease has lapsed while the store was well, and it takes no connections there any more: whoever is
 * only cut off from the store, or busy, or never could be reached from here, is left alone.
 */
export class Undertaker {
  readonly #options: UndertakerOptions;
  readonly #after: After;
  #stop: () => void = () => {};
  readonly #busy = new Set<string>();
  /** Those whose streams were ended from here, as long as a proxy still has some. */
  readonly #ended = new Set<string>();

  constructor(options: UndertakerOptions) {
    const { watchMs = 1_000, after = afterOnTimer } = options;
    this.#options = options;
    this.#after = after;
    this.#lookEvery(watchMs);
    void this.look();
  }

  /** Looks after everybody once. Never rejects. Called by the timer. */
  async look(): Promise<void> {
    const { holds, whereabouts, acquaintances } = this.#options;
    // Whoever takes long to answer must not hold up the others.
    const others = holds.others();
    for (const owner of this.#ended) if (!others.includes(owner)) this.#ended.delete(owner);
    const free = others.filter((owner) => !this.#busy.has(owner));
    await Promise.all(free.map((owner) => this.#lookAfter(owner)));
    await whereabouts.enter().catch(() => {});
    await acquaintances.introduce().catch(() => {});
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#options.acquaintances.close();
    await this.#options.whereabouts.leave();
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
      // A proxy that was out of reach then has not heard it.
      if (this.#ended.has(owner)) return await this.#options.holds.bury(owner, this.#options.block);
      const found = await this.#options.whereabouts.of(owner);
      if (found === undefined) await this.#judge(owner);
      // One that was started again under its name ends its earlier streams itself.
      else if (found !== 'over') await this.#options.acquaintances.meet(owner, found.url);
    } catch {
      // A store that cannot be reached says nothing about anybody.
    } finally {
      this.#busy.delete(owner);
    }
  }

  async #judge(owner: string): Promise<void> {
    const { whereabouts, acquaintances, holds, block, logger } = this.#options;
    const url = acquaintances.urlOf(owner);
    if (url === undefined || !(await whereabouts.isSilent(owner))) return;
    if (await acquaintances.isThere(owner, url)) return;
    if (!(await whereabouts.declareOver(owner))) return;
    try {
      await holds.bury(owner, block);
      this.#ended.add(owner);
      acquaintances.forget(owner);
      logger.warn({ replica: owner }, 'a replica is gone: its held calls were ended');
    } catch (error) {
      logger.warn({ replica: owner, error }, 'the held calls of a replica that is gone could not be ended');
      await whereabouts.retract(owner);
    }
  }
}

import { type After, afterOnTimer } from '../cluster/after.ts';
import type { MessageBus, Stop } from '../cluster/message-bus.ts';
import { LIVE_PATH, OWNER_HEADER } from '../http/health.ts';
import type { Logger } from '../observability/logger.ts';

export interface AcquaintancesOptions {
  readonly bus: Pick<MessageBus, 'publish' | 'subscribe'>;
  /** This start of this replica: `replica.boot`. */
  readonly owner: string;
  /** Where this replica is reached. */
  readonly advertise: string;
  readonly logger: Logger;
  /** @default the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** @default the runtime's timers */
  readonly after?: After;
}

interface Greeting {
  readonly owner: string;
  readonly url: string;
  /** Whether whoever hears it should introduce himself too. */
  readonly isNew: boolean;
}

const TOPIC = 'replicas';
/** Longer than connecting may take: a process that is blocked still takes connections, one that is gone does not. */
const ANSWER_MS = 15_000;
const MAX_KNOWN = 256;
/** A replica introduces itself before it listens, so it is tried for a while. */
const ATTEMPTS = 15;
const RETRY_MS = 1_000;

/** The other replicas that were reached from here when they were alive: only of those can be told later that they are gone. */
export class Acquaintances {
  readonly #options: AcquaintancesOptions;
  readonly #known = new Map<string, string>();
  /** Those that are being tried, and what takes the next attempt back. */
  readonly #trying = new Map<string, () => void>();
  #introduced: Promise<Stop> | undefined;
  #toldOfFailure = false;
  #closed = false;

  constructor(options: AcquaintancesOptions) {
    this.#options = options;
  }

  /** Makes this replica and the others known to each other. Rejects when the bus cannot be reached; may be called again. */
  async introduce(): Promise<void> {
    this.#introduced ??= this.#greet().catch((thrown: unknown) => {
      this.#introduced = undefined;
      throw thrown;
    });
    await this.#introduced;
  }

  urlOf(owner: string): string | undefined {
    return this.#known.get(owner);
  }

  forget(owner: string): void {
    this.#known.delete(owner);
  }

  /** Remembers a replica that is alive, when it can be reached, now or in the next moments. Resolves after the first attempt. */
  async meet(owner: string, url: string): Promise<void> {
    if (this.#known.get(owner) === url || this.#trying.has(owner)) return;
    await this.#try(owner, url, ATTEMPTS);
  }

  /** Whether that very replica takes connections there; one that took over its address does not count. */
  async isThere(owner: string, url: string): Promise<boolean> {
    const { fetch = globalThis.fetch } = this.#options;
    const signal = AbortSignal.timeout(ANSWER_MS);
    try {
      const response = await fetch(`${url}${LIVE_PATH}`, { headers: { [OWNER_HEADER]: owner }, signal });
      await response.body?.cancel();
      return response.status !== 421;
    } catch {
      return signal.aborted;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#trying.values()) stop();
    this.#trying.clear();
    const stop = await this.#introduced?.catch(() => undefined);
    stop?.();
  }

  async #try(owner: string, url: string, attempts: number): Promise<void> {
    this.#trying.set(owner, () => {});
    const isThere = await this.isThere(owner, url);
    if (this.#closed) return;
    if (!isThere && attempts > 1) {
      const { after = afterOnTimer } = this.#options;
      const again = (): void => void this.#try(owner, url, attempts - 1);
      this.#trying.set(owner, after(RETRY_MS, again));
      return;
    }
    this.#trying.delete(owner);
    if (isThere) this.#remember(owner, url);
    else this.#warnOnce(owner, url);
  }

  #remember(owner: string, url: string): void {
    this.#known.set(owner, url);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  async #greet(): Promise<Stop> {
    const stop = await this.#options.bus.subscribe(TOPIC, (text) => this.#hear(JSON.parse(text) as Greeting));
    try {
      await this.#say(true);
    } catch (thrown) {
      stop();
      throw thrown;
    }
    return stop;
  }

  #hear({ owner, url, isNew }: Greeting): void {
    if (owner === this.#options.owner) return;
    void this.meet(owner, url);
    if (isNew) this.#say(false).catch(() => {});
  }

  #say(isNew: boolean): Promise<void> {
    const { bus, owner, advertise } = this.#options;
    return bus.publish(TOPIC, JSON.stringify({ owner, url: advertise, isNew } satisfies Greeting));
  }

  #warnOnce(owner: string, url: string): void {
    if (this.#toldOfFailure) return;
    this.#toldOfFailure = true;
    const message = 'another replica cannot be reached at its own address, so nobody here will notice when it is gone';
    this.#options.logger.warn({ replica: owner, url }, message);
  }
}

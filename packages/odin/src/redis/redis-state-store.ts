import type { SetOptions, StateStore } from '../cluster/state-store.ts';
import type { Link } from './link.ts';

/** State of all replicas that use one Redis. */
export class RedisStateStore implements StateStore {
  readonly #link: Link;
  readonly #prefix: string;

  constructor(link: Link, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#link.run((redis) => redis.get(this.#name(key)))) ?? undefined;
  }

  async set(key: string, value: string, { ttlMs, if: condition }: SetOptions): Promise<boolean> {
    const [name, ttl] = [this.#name(key), wholeMs(ttlMs)];
    if (typeof condition === 'object')
      return this.#link.run(async (redis) => (await redis.odinSwap(name, condition.is, value, ttl)) === 1);
    return this.#link.run(async (redis) => {
      const set = condition === 'absent' ? redis.set(name, value, 'PX', ttl, 'NX') : redis.set(name, value, 'PX', ttl);
      return (await set) === 'OK';
    });
  }

  async touch(key: string, ttlMs: number, is?: string): Promise<boolean> {
    const [name, ttl] = [this.#name(key), wholeMs(ttlMs)];
    return this.#link.run(
      async (redis) => (await (is === undefined ? redis.pexpire(name, ttl) : redis.odinTouch(name, is, ttl))) === 1,
    );
  }

  async delete(key: string, is?: string): Promise<boolean> {
    const name = this.#name(key);
    return this.#link.run(
      async (redis) => (await (is === undefined ? redis.del(name) : redis.odinDelete(name, is))) === 1,
    );
  }

  #name(key: string): string {
    return `${this.#prefix}state:${key}`;
  }
}

/** What Redis takes: never shorter than asked for. */
export function wholeMs(ms: number): number {
  return Math.max(Math.ceil(ms), 1);
}

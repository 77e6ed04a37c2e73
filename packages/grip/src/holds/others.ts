import type { Publisher } from '../publish/publisher.ts';
import type { ItemFormat } from '../wire/item.ts';
import { escapeVarSubst, varSlot } from '../wire/var-subst.ts';
import { type Namespace, nameForeignBoot, readForeignBoot } from './channel-name.ts';

/** The variable of a connection that says which hold it is. */
export const NAME_SLOT = 'hold';

/** The last block of a hold: what comes before and after its name. */
export interface LastBlock {
  readonly head: string;
  readonly tail: string;
}

/** The other replicas that the proxies hold streams for. */
export class Others {
  readonly #own: Namespace & { readonly publisher: Publisher };
  /** The channels of each that are listened to. */
  readonly #owners = new Map<string, Set<string>>();

  constructor(own: Namespace & { readonly publisher: Publisher }) {
    this.#own = own;
  }

  get list(): readonly string[] {
    return [...this.#owners.keys()];
  }

  /** Whether the channel is that of another replica. */
  subscribed(channel: string): boolean {
    const owner = readForeignBoot(channel, this.#own);
    if (owner === undefined) return false;
    this.#owners.set(owner, (this.#owners.get(owner) ?? new Set()).add(channel));
    return true;
  }

  unsubscribed(channel: string): void {
    const owner = readForeignBoot(channel, this.#own);
    const channels = owner === undefined ? undefined : this.#owners.get(owner);
    if (owner === undefined || !channels?.delete(channel)) return;
    if (channels.size === 0) this.#owners.delete(owner);
  }

  /**
   * Two items on the channel that all holds with a name listen to: the proxy puts in the name of each. For those without, a hint, so that
   * the proxy asks their links.
   */
  async bury(owner: string, { head, tail }: LastBlock): Promise<void> {
    const named = nameForeignBoot(owner, this.#own, 'named');
    const content = `${escapeVarSubst(head)}${varSlot(NAME_SLOT)}${escapeVarSubst(tail)}`;
    await this.#publish(named, { kind: 'http-stream', content });
    await this.#publish(named, { kind: 'http-stream', action: 'close' });
    await this.#publish(nameForeignBoot(owner, this.#own, 'unnamed'), { kind: 'http-stream', action: 'hint' });
  }

  #publish(channel: string, format: ItemFormat): Promise<void> {
    return this.#own.publisher.publish({ channel, format });
  }
}

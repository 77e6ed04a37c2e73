import type { Publisher } from '../publish/publisher.ts';
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
  readonly #owners = new Set<string>();

  constructor(own: Namespace & { readonly publisher: Publisher }) {
    this.#own = own;
  }

  get list(): readonly string[] {
    return [...this.#owners];
  }

  /** Whether the channel is that of another replica. */
  subscribed(channel: string): boolean {
    const owner = readForeignBoot(channel, this.#own);
    if (owner !== undefined) this.#owners.add(owner);
    return owner !== undefined;
  }

  unsubscribed(channel: string): void {
    const owner = readForeignBoot(channel, this.#own);
    if (owner !== undefined) this.#owners.delete(owner);
  }

  /** Two items on the channel that all holds of that start listen to; the proxy puts in the name of each. */
  async bury(owner: string, { head, tail }: LastBlock): Promise<void> {
    const channel = nameForeignBoot(owner, this.#own);
    const content = `${escapeVarSubst(head)}${varSlot(NAME_SLOT)}${escapeVarSubst(tail)}`;
    await this.#own.publisher.publish({ channel, format: { kind: 'http-stream', content } });
    await this.#own.publisher.publish({ channel, format: { kind: 'http-stream', action: 'close' } });
  }
}

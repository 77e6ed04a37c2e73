import { checkChannels, type HoldChannel } from '../wire/channel.ts';
import type { HoldInstruction } from '../wire/hold.ts';
import { type BootListeners, nameBoot, nameHold } from './channel-name.ts';
import type { OpenOptions } from './holds.ts';
import type { HoldsSettings, Recovery } from './options.ts';
import { NAME_SLOT } from './others.ts';

/**
 * Holds that have the same link. Pushpin makes ten checks a second, each for up to a hundred streams with one link, and all of
 * those requests at once; but of more than a hundred requests at a time it answers some of its clients with 502.
 */
const LINK_SHARE = 40;

/** What the proxy is told of each hold: a channel that nobody else has, and where to ask for what was missed. */
export class Instructions {
  readonly #settings: HoldsSettings;
  readonly #boots: Readonly<Record<BootListeners, HoldChannel>>;
  #made = 0;
  /** The link of the newest holds. */
  #link: HoldInstruction['next'];

  constructor(settings: HoldsSettings) {
    this.#settings = settings;
    this.#boots = {
      named: { name: nameBoot(settings, 'named'), filters: ['var-subst'] },
      unnamed: { name: nameBoot(settings, 'unnamed') },
    };
  }

  /**
   * A channel of its own for one hold, and the instruction with it.
   * @throws {@link GripError} for further channels that the proxy would cut or mix up, or a lease that is too long.
   */
  make(lifeMs: number, options: OpenOptions): { readonly channel: string; readonly instruction: HoldInstruction } {
    const { keepAlive, recovery } = this.#settings;
    const { channels = [], meta, name } = options;
    const named = recovery && name !== undefined ? { [NAME_SLOT]: name } : undefined;
    const channel = this.#name(lifeMs, options);
    const boot = this.#boots[named ? 'named' : 'unnamed'];
    const own = recovery ? [{ name: channel, prevId: '0' }, boot] : [{ name: channel }];
    const instruction: HoldInstruction = {
      mode: 'stream',
      channels: [...own, ...channels],
      ...(keepAlive ? { keepAlive } : {}),
      ...(meta || named ? { meta: { ...meta, ...named } } : {}),
      ...(recovery && { next: this.#nextLink(recovery) }),
    };
    checkChannels(instruction.channels);
    this.#made += 1;
    return { channel, instruction };
  }

  #name(lifeMs: number, { lease: data = '' }: OpenOptions): string {
    const { recovery, graceMs, clock } = this.#settings;
    if (!recovery) return nameHold(this.#settings);
    const expiresAt = clock.now() + Math.max(lifeMs, 0) + graceMs + recovery.retainMs;
    return nameHold(this.#settings, { sealer: recovery.sealer, lease: { expiresAt, data } });
  }

  #nextLink({ url, timeoutSeconds }: Recovery): NonNullable<HoldInstruction['next']> {
    if (!this.#link || this.#made % LINK_SHARE === 0) {
      const number = Math.floor(this.#made / LINK_SHARE).toString(36);
      this.#link = { uri: `${url}/${this.#settings.replica}.${number}`, timeoutSeconds };
    }
    return this.#link;
  }
}

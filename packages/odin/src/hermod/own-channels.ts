import { createChannelName, parseChannelName } from '@asgard/grip';

const PREFIX = 'odin';
const MINUTE_MS = 60_000;

/** What the name of a subscription's own channel tells. */
export interface OwnChannel {
  /** Made by this start of this replica, by one before it, or by another replica of this server. */
  readonly made: 'now' | 'before' | 'elsewhere';
  /** Counts the subscriptions of one start. */
  readonly number: number;
  /** When it ends at the latest, in whole minutes since the epoch: rounded down. */
  readonly endsAtMinute: number;
}

export interface OwnChannelsOptions {
  /** What identifies the server: the same for all its replicas. */
  readonly server: string;
  readonly replica: string;
  /** Unguessable, new with each start. */
  readonly start: string;
}

/**
 * Names of the channels that each held subscription has for itself: an unguessable start, the minute of its end, a number.
 * ZeroMQ keeps the names character by character, so that what they share costs nothing; a random end would cost a kilobyte
 * and more for each. The minute is there for the process that comes after this one: it knows nothing else of the stream.
 */
export class OwnChannels {
  readonly #replica: string;
  readonly #boot: string;
  readonly #server: string;

  constructor({ server, replica, start }: OwnChannelsOptions) {
    this.#server = `${markOf(server)}-`;
    this.#replica = replica;
    this.#boot = `${this.#server}${start}`;
  }

  format({ number, endsAtMinute }: Omit<OwnChannel, 'made'>): string {
    const id = `${endsAtMinute.toString(36)}-${number.toString(36)}`;
    return createChannelName({ prefix: PREFIX, replica: this.#replica, boot: this.#boot, id });
  }

  /** undefined for channels that are none of this server's. */
  parse(channel: string): OwnChannel | undefined {
    const parts = channel.startsWith(`${PREFIX}.`) ? parseChannelName(channel) : undefined;
    if (!parts?.boot.startsWith(this.#server)) return undefined;
    const found = /^([0-9a-z]{1,8})-([0-9a-z]{1,10})$/.exec(parts.id);
    if (!found) return undefined;
    const [, minute = '', number = ''] = found;
    return {
      made: this.#madeBy(parts),
      number: Number.parseInt(number, 36),
      endsAtMinute: Number.parseInt(minute, 36),
    };
  }

  #madeBy({ replica, boot }: { readonly replica: string; readonly boot: string }): OwnChannel['made'] {
    if (replica !== this.#replica) return 'elsewhere';
    return boot === this.#boot ? 'now' : 'before';
  }
}

/** Tells the servers of one proxy apart. Not a secret, and known at once: the digests of Web Crypto are not. FNV-1a, 32 bits. */
function markOf(server: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(server)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}

/** The minute that a time lies in. @param ms epoch milliseconds */
export function minuteOf(ms: number): number {
  return Math.max(0, Math.floor(ms / MINUTE_MS));
}

/** Epoch milliseconds at which a minute begins. */
export function startOfMinute(minute: number): number {
  return minute * MINUTE_MS;
}

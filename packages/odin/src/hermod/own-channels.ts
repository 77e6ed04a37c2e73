import { createChannelName, parseChannelName } from '@asgard/grip';

const PREFIX = 'odin';
const MINUTE_MS = 60_000;

/** What the name of a subscription's own channel tells. */
export interface OwnChannel {
  /** Made by this start of the replica, or by one before it. */
  readonly made: 'now' | 'before';
  /** Counts the subscriptions of one start. */
  readonly number: number;
  /** When it ends at the latest, in whole minutes since the epoch: rounded down. */
  readonly endsAtMinute: number;
}

/**
 * Names of the channels that each held subscription has for itself: an unguessable start, the minute of its end, a number.
 * ZeroMQ keeps the names character by character, so that what they share costs nothing; a random end would cost a kilobyte
 * and more for each. The minute is there for the process that comes after this one: it knows nothing else of the stream.
 */
export class OwnChannels {
  readonly #replica: string;
  readonly #boot: string;
  readonly #own: string;

  /** @param boot unguessable, new with each start */
  constructor(replica: string, boot: string) {
    this.#replica = replica;
    this.#boot = boot;
    this.#own = `${PREFIX}.${replica}.`;
  }

  format({ number, endsAtMinute }: Omit<OwnChannel, 'made'>): string {
    const id = `${endsAtMinute.toString(36)}-${number.toString(36)}`;
    return createChannelName({ prefix: PREFIX, replica: this.#replica, boot: this.#boot, id });
  }

  /** undefined for channels that are none of this replica's. */
  parse(channel: string): OwnChannel | undefined {
    const parts = channel.startsWith(this.#own) ? parseChannelName(channel) : undefined;
    const found = parts && /^([0-9a-z]{1,8})-([0-9a-z]{1,10})$/.exec(parts.id);
    if (!found) return undefined;
    const [, minute = '', number = ''] = found;
    return {
      made: parts.boot === this.#boot ? 'now' : 'before',
      number: Number.parseInt(number, 36),
      endsAtMinute: Number.parseInt(minute, 36),
    };
  }
}

/** The minute that a time lies in. @param ms epoch milliseconds */
export function minuteOf(ms: number): number {
  return Math.max(0, Math.floor(ms / MINUTE_MS));
}

/** Epoch milliseconds at which a minute begins. */
export function startOfMinute(minute: number): number {
  return minute * MINUTE_MS;
}

import type { PublishItem } from '@asgard/grip';
import type { Cancel, Clock } from './clock.ts';

/** A held connection, seen from its channels. */
export interface Holder {
  deliver(item: PublishItem): void;
  /** Something may have been missed: ask the next link, if there is one. */
  check(): void;
}

export type HoldMode = 'stream' | 'response';

/** Which connection holds which channel. */
export interface Channels {
  join(channel: string, mode: HoldMode, holder: Holder): void;
  leave(channel: string, mode: HoldMode, holder: Holder): void;
  /** Those in one mode, as they are now. */
  holders(channel: string, mode: HoldMode): readonly Holder[];
  has(channel: string): boolean;
  names(): readonly string[];
  close(): void;
}

export interface ChannelsOptions {
  readonly clock: Clock;
  /** The first holder came. */
  readonly onSubscribe: (channel: string) => void;
  /** The last holder is gone. */
  readonly onUnsubscribe: (channel: string) => void;
}

/** Pushpin's delay until the first holders of a new channel look whether they missed something. */
const FIRST_CHECK_MS = 1000;
/** Pushpin's `subscription_linger`: a client that polls again soon does not make the channel come and go. */
const RESPONSE_LINGER_MS = 60_000;

interface Entry {
  readonly stream: Set<Holder>;
  readonly response: Set<Holder>;
  cancelCheck: Cancel;
  cancelLinger: Cancel | undefined;
}

export function createChannels({ clock, onSubscribe, onUnsubscribe }: ChannelsOptions): Channels {
  const entries = new Map<string, Entry>();

  function create(channel: string): Entry {
    const entry: Entry = {
      stream: new Set(),
      response: new Set(),
      cancelLinger: undefined,
      cancelCheck: clock.after(FIRST_CHECK_MS, () => {
        for (const holder of [...entry.response, ...entry.stream]) holder.check();
      }),
    };
    entries.set(channel, entry);
    onSubscribe(channel);
    return entry;
  }

  function remove(channel: string, entry: Entry): void {
    entry.cancelCheck();
    entry.cancelLinger?.();
    entries.delete(channel);
    onUnsubscribe(channel);
  }

  return {
    join(channel, mode, holder) {
      const entry = entries.get(channel) ?? create(channel);
      entry.cancelLinger?.();
      entry.cancelLinger = undefined;
      entry[mode].add(holder);
    },
    leave(channel, mode, holder) {
      const entry = entries.get(channel);
      if (!entry?.[mode].delete(holder) || entry.stream.size + entry.response.size > 0) return;
      if (mode === 'stream') remove(channel, entry);
      else entry.cancelLinger = clock.after(RESPONSE_LINGER_MS, () => remove(channel, entry));
    },
    holders: (channel, mode) => [...(entries.get(channel)?.[mode] ?? [])],
    has: (channel) => entries.has(channel),
    names: () => [...entries.keys()],
    close() {
      for (const entry of entries.values()) {
        entry.cancelCheck();
        entry.cancelLinger?.();
      }
      entries.clear();
    },
  };
}

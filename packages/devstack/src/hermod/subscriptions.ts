import { type HoldChannel, type LastId, MAX_CHANNELS, type PublishItem } from '@asgard/grip';
import type { Channels, Holder, HoldMode } from './channels.ts';

/** The channels of one held connection and how far it is on each of them. */
export interface Subscriptions {
  /** Joins and leaves so that exactly these are held; the first twenty count. Returns the names that were left out. */
  replace(channels: readonly HoldChannel[]): readonly string[];
  get(name: string): HoldChannel | undefined;
  /** Whether an item is the direct successor of the last one, or its channel keeps no order. */
  follows(item: PublishItem): boolean;
  /** The item was handled: the next one must name it. */
  advance(item: PublishItem): void;
  names(): ReadonlySet<string>;
  /** For Grip-Last. */
  last(): LastId[];
  clear(): void;
}

export function createSubscriptions(channels: Channels, mode: HoldMode, holder: Holder): Subscriptions {
  const held = new Map<string, HoldChannel>();

  function leave(name: string): void {
    held.delete(name);
    channels.leave(name, mode, holder);
  }

  return {
    replace(wanted) {
      const kept = wanted.slice(0, MAX_CHANNELS);
      const names = new Set(kept.map(({ name }) => name));
      for (const name of [...held.keys()]) if (!names.has(name)) leave(name);
      for (const channel of kept) {
        const known = held.has(channel.name);
        held.set(channel.name, channel);
        if (!known) channels.join(channel.name, mode, holder);
      }
      return wanted.slice(MAX_CHANNELS).map(({ name }) => name);
    },
    get: (name) => held.get(name),
    follows(item) {
      const channel = held.get(item.channel);
      return channel !== undefined && (channel.prevId === undefined || channel.prevId === item.prevId);
    },
    advance({ channel: name, id }) {
      const channel = held.get(name);
      if (channel?.prevId === undefined) return;
      const { prevId: _before, ...rest } = channel;
      held.set(name, id === undefined ? rest : { ...rest, prevId: id });
    },
    names: () => new Set(held.keys()),
    last: () =>
      [...held.values()].flatMap(({ name, prevId }) =>
        prevId === undefined ? [] : [{ channel: name, lastId: prevId }],
      ),
    clear() {
      for (const name of [...held.keys()]) leave(name);
    },
  };
}

import type { PublishItem } from '@asgard/grip';
import type { Cancel, Clock } from './clock.ts';

/** Puts the items of each channel in order by `id` and `prevId`, and drops what came twice. */
export interface Sequence {
  /** @param ordered false: hand on at once, as for channels that nobody holds */
  add(item: PublishItem, ordered: boolean): void;
  /** Id of the channel's newest item, while somebody holds it. */
  lastId(channel: string): string | undefined;
  /** Makes the next item of the channel acceptable whatever its `prevId`. */
  forget(channel: string): void;
  /** Nobody holds the channel any more: nothing waits for it, nothing is known of it. */
  clear(channel: string): void;
  close(): void;
}

export interface SequenceOptions {
  readonly clock: Clock;
  readonly onReady: (item: PublishItem) => void;
  readonly onDrop: (item: PublishItem, reason: string) => void;
}

/** Pushpin's `id_cache_ttl`. */
const ID_TTL_MS = 60_000;
const MAX_IDS = 50_000;
/** Pushpin's `message_wait`. */
const WAIT_MS = 5000;
const MAX_PENDING = 100;

interface Pending {
  readonly item: PublishItem;
  readonly cancel: Cancel;
}

export function createSequence({ clock, onReady, onDrop }: SequenceOptions): Sequence {
  /** Insertion order is expiry order, because every entry lives equally long. */
  const seen = new Map<string, number>();
  const lastIds = new Map<string, string>();
  const waiting = new Map<string, Map<string, Pending>>();

  function isDuplicate({ channel, id }: PublishItem): boolean {
    const now = clock.now();
    for (const [key, expires] of seen) {
      if (expires > now && seen.size < MAX_IDS) break;
      seen.delete(key);
    }
    if (id === undefined) return false;
    const key = JSON.stringify([channel, id]);
    if (seen.has(key)) return true;
    seen.set(key, now + ID_TTL_MS);
    return false;
  }

  function send(item: PublishItem): void {
    const { channel } = item;
    let current: PublishItem | undefined = item;
    while (current) {
      const id: string | undefined = current.id;
      if (id === undefined) lastIds.delete(channel);
      else lastIds.set(channel, id);
      onReady(current);
      current = id === undefined ? undefined : take(channel, id);
    }
  }

  function take(channel: string, prevId: string): PublishItem | undefined {
    const pending = waiting.get(channel);
    const found = pending?.get(prevId);
    if (!pending || !found) return undefined;
    found.cancel();
    pending.delete(prevId);
    if (pending.size === 0) waiting.delete(channel);
    return found.item;
  }

  function wait(item: PublishItem, prevId: string): void {
    const pending = waiting.get(item.channel) ?? new Map<string, Pending>();
    const refusal = pending.has(prevId)
      ? `another item already follows ${prevId}`
      : pending.size >= MAX_PENDING && `${MAX_PENDING} items already wait on the channel`;
    if (refusal) {
      onDrop(item, refusal);
      return;
    }
    waiting.set(item.channel, pending);
    const cancel = clock.after(WAIT_MS, () => {
      const late = take(item.channel, prevId);
      if (late) send(late);
    });
    pending.set(prevId, { item, cancel });
  }

  function clear(channel: string): void {
    for (const { cancel } of waiting.get(channel)?.values() ?? []) cancel();
    waiting.delete(channel);
    lastIds.delete(channel);
  }

  return {
    add(item, ordered) {
      const last = lastIds.get(item.channel);
      if (isDuplicate(item)) onDrop(item, `id ${item.id} was published within the last minute`);
      else if (!ordered) onReady(item);
      else if (last !== undefined && item.prevId !== undefined && item.prevId !== last) wait(item, item.prevId);
      else send(item);
    },
    lastId: (channel) => lastIds.get(channel),
    forget(channel) {
      lastIds.delete(channel);
    },
    clear,
    close() {
      for (const channel of [...waiting.keys()]) clear(channel);
    },
  };
}

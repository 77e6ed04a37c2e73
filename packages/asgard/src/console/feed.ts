import type { FeedEntry } from './feed-entry.ts';
import { addEntry, EMPTY_FEED, type FeedState } from './feed-state.ts';
import { createObserver, type Observer } from './observer.ts';

/** The live feed of one `asgard dev`: the last entries, the open streams, and whoever watches. */
export interface Feed extends Observer {
  readonly state: FeedState;
  /** Returns what ends it. */
  watch(listener: (entry: FeedEntry) => void): () => void;
}

/** @param now milliseconds since 1970 */
export function createFeed(now: () => number): Feed {
  const listeners = new Set<(entry: FeedEntry) => void>();
  let state = EMPTY_FEED;
  let seq = 0;
  const observer = createObserver((event) => {
    seq += 1;
    const entry: FeedEntry = { seq, at: now(), ...event };
    state = addEntry(state, entry);
    for (const listener of listeners) listener(entry);
  }, now);
  return {
    ...observer,
    get state() {
      return state;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

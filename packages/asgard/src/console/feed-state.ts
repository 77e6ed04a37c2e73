import type { FeedEntry, OpenStream, ServerStatus } from './feed-entry.ts';

/** What the page shows. The server keeps one for those who come late; each page goes on from there by itself. */
export interface FeedState {
  /** Oldest first, at most `MAX_ENTRIES`. */
  readonly entries: readonly FeedEntry[];
  readonly streams: readonly OpenStream[];
  readonly server: ServerStatus;
}

export const MAX_ENTRIES = 500;
/** More streams than that are counted by nobody who reads a page. */
const MAX_STREAMS = 1000;

export const EMPTY_FEED: FeedState = { entries: [], streams: [], server: 'starting' };

/** The state after one more entry. */
export function addEntry(state: FeedState, entry: FeedEntry): FeedState {
  const kept = state.entries.length >= MAX_ENTRIES ? state.entries.slice(1 - MAX_ENTRIES) : state.entries;
  return { entries: [...kept, entry], streams: streamsAfter(state.streams, entry), server: statusAfter(state, entry) };
}

/** Streams stay: they are open whether they are looked at or not. */
export function clearEntries(state: FeedState): FeedState {
  return { ...state, entries: [] };
}

function streamsAfter(streams: readonly OpenStream[], entry: FeedEntry): readonly OpenStream[] {
  switch (entry.type) {
    case 'opened':
      return streams.length >= MAX_STREAMS ? streams : [...streams, entry.stream];
    case 'closed':
      return streams.filter((stream) => stream.id !== entry.streamId);
    case 'published': {
      if (!streams.some((stream) => stream.channels.includes(entry.channel))) return streams;
      return streams.map((stream) =>
        stream.channels.includes(entry.channel) ? { ...stream, messages: stream.messages + 1 } : stream,
      );
    }
    default:
      return streams;
  }
}

function statusAfter({ server }: FeedState, entry: FeedEntry): ServerStatus {
  return entry.type === 'server' ? entry.status : server;
}

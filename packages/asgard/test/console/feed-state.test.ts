import { expect, test } from 'vitest';
import type { FeedEntry, FeedEvent, OpenStream } from '../../src/console/feed-entry.ts';
import { addEntry, clearEntries, EMPTY_FEED, type FeedState, MAX_ENTRIES } from '../../src/console/feed-state.ts';

const stream: OpenStream = {
  ...{ id: '1', kind: 'call', method: 'tools/call', since: 0, channels: ['a', 'b'], topics: [], messages: 0 },
};

function after(...events: readonly FeedEvent[]): FeedState {
  return events.map((event, seq): FeedEntry => ({ seq, at: 0, ...event })).reduce(addEntry, EMPTY_FEED);
}

const published = (channel: string): FeedEvent => ({
  ...{ type: 'published', channel, kind: 'http-stream', via: 'zeromq', title: 'progress', size: 1, receivers: 1 },
  message: '',
});

test('a stream is there from its opening to its end, and counts what comes for it', () => {
  const open = after({ type: 'opened', stream, message: '' }, published('a'), published('b'), published('other'));
  expect(open.streams).toEqual([{ ...stream, messages: 2 }]);
  const closed: FeedEvent = { type: 'closed', streamId: '1', title: '', durationMs: 1, aborted: false };
  expect(after({ type: 'opened', stream, message: '' }, closed).streams).toEqual([]);
});

test('one published item reaches every stream that holds its channel', () => {
  const other = { ...stream, id: '2', channels: ['b'] };
  const { streams } = after(
    { type: 'opened', stream, message: '' },
    { type: 'opened', stream: other, message: '' },
    published('b'),
  );
  expect(streams.map(({ messages }) => messages)).toEqual([1, 1]);
});

test('only the last entries are kept, in their order', () => {
  let state = EMPTY_FEED;
  for (let seq = 0; seq < MAX_ENTRIES + 7; seq += 1) {
    state = addEntry(state, { seq, at: 0, type: 'output', stream: 'stdout', text: '' });
  }
  expect(state.entries).toHaveLength(MAX_ENTRIES);
  expect([state.entries[0]?.seq, state.entries.at(-1)?.seq]).toEqual([7, MAX_ENTRIES + 6]);
});

test('clearing forgets the entries, not the open streams and not the server', () => {
  const state = after({ type: 'server', status: 'running', durationMs: 1 }, { type: 'opened', stream, message: '' });
  expect(clearEntries(state)).toEqual({ entries: [], streams: [stream], server: 'running' });
});

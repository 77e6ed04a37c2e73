import { expect, test } from 'vitest';
import type { FeedEvent, PublishedEvent } from '../../../src/console/feed-entry.ts';
import { describeEntry } from '../../../src/console/page/entry-line.ts';

const request = { type: 'request', method: 'tools/call', target: 'forge', durationMs: 12, who: 'freya' } as const;
const published: Omit<PublishedEvent, 'receivers'> = {
  ...{ type: 'published', channel: 'c', kind: 'http-stream', via: 'zeromq', title: 'progress 2/5 hammer', size: 2048 },
  message: '',
};

test.each([
  [
    { ...request, status: 200, reply: 'held' },
    { tag: 'request', tone: 'good', title: 'tools/call', target: 'forge', facts: ['200', 'held', '12 ms', 'freya'] },
  ],
  [
    { ...request, status: 200, remark: 'tool error' },
    { tone: 'warn', facts: ['tool error', '200', '–', '12 ms', 'freya'] },
  ],
  [{ ...request, status: 401 }, { tone: 'warn' }],
  [{ ...request, status: 502 }, { tone: 'bad' }],
  [
    { ...published, receivers: 1 },
    { tone: 'plain', title: 'progress', target: '2/5 hammer', facts: ['1 receiver', '2.0 kB'] },
  ],
  [{ ...published, receivers: 0 }, { tone: 'warn' }],
  [
    { type: 'problem', title: 'It broke', detail: 'here\nand there' },
    { tone: 'bad', target: 'here' },
  ],
  [
    { type: 'server', status: 'stopped', durationMs: 0 },
    { tone: 'bad', facts: [] },
  ],
  [
    { type: 'output', stream: 'stderr', text: '\nwarn\n' },
    { tag: 'stderr', tone: 'warn', target: 'warn' },
  ],
  [
    { type: 'closed', streamId: '1', title: 'tools/call forge', durationMs: 61_000, aborted: true },
    { title: 'closed', target: 'tools/call forge', facts: ['client left', '1 min 1 s'] },
  ],
] satisfies [FeedEvent, object][])('%j', (event, line) => {
  expect(describeEntry({ seq: 1, at: 0, ...event })).toMatchObject(line);
});

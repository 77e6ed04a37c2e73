import type { DevStackEvent } from '@asgard/devstack';
import { expect, test } from 'vitest';
import type { FeedEvent } from '../../src/console/feed-entry.ts';
import { createObserver } from '../../src/console/observer.ts';

function watch(...events: readonly DevStackEvent[]): FeedEvent[] {
  const told: FeedEvent[] = [];
  const observer = createObserver(
    (event) => told.push(event),
    () => 1000,
  );
  for (const event of events) observer.traffic(event);
  return told;
}

const asked = (id: string, headers: Record<string, string>, method = 'POST'): DevStackEvent => ({
  ...{ source: 'hermod', type: 'request', id, method, path: '/mcp', headers },
});
const held = (id: string, channels: readonly string[], body: string): DevStackEvent => ({
  ...{ source: 'hermod', type: 'held', id, mode: 'stream', status: 200, channels, body, durationMs: 3 },
});
const closed = (id: string): DevStackEvent => ({
  ...{ source: 'hermod', type: 'closed', id, aborted: true, durationMs: 9 },
});

test('a held call: what it is, whose, and when it ends', () => {
  const [opened, ended, ...rest] = watch(
    asked('1', { 'mcp-method': 'tools/call', 'mcp-name': 'forge' }),
    held('1', ['c'], 'data: {"method":"notifications/progress"}\n\n'),
    closed('1'),
    closed('1'),
  );
  expect(opened).toMatchObject({
    type: 'opened',
    stream: { id: '1', kind: 'call', method: 'tools/call', target: 'forge', channels: ['c'], since: 1000, messages: 0 },
  });
  expect(ended).toEqual({ type: 'closed', streamId: '1', title: 'tools/call forge', durationMs: 9, aborted: true });
  expect(rest).toEqual([]);
});

test('a subscription names its topics', () => {
  const body =
    'data: {"method":"notifications/subscriptions/acknowledged","params":{"notifications":{"resourceSubscriptions":["x://1"]}}}\n\n';
  expect(watch(asked('1', { 'mcp-method': 'subscriptions/listen' }), held('1', ['t', 'own'], body))).toMatchObject([
    { stream: { kind: 'subscription', topics: ['x://1'] } },
  ]);
});

test('the stream of a session has no method but that of HTTP', () => {
  expect(watch(asked('1', {}, 'GET'), held('1', ['s'], ''))).toMatchObject([
    { stream: { kind: 'session', method: 'GET /mcp' }, message: 'status 200' },
  ]);
});

test('a plain request is told by the server, not by the proxy', () => {
  expect(watch(asked('1', { 'mcp-method': 'tools/list' }), closed('1'))).toEqual([]);
});

test('a published item: what it says, how large, to how many', () => {
  const content = 'data: {"method":"notifications/progress","params":{"progress":1,"message":"ä"}}\n\n';
  const event: DevStackEvent = {
    ...{ source: 'hermod', type: 'published', channel: 'c', itemId: '1', via: 'zeromq', kind: 'http-stream' },
    ...{ receivers: 2, content },
  };
  const size = Buffer.byteLength(content);
  expect(watch(event, { ...event, kind: 'close', content: '' })).toMatchObject([
    { type: 'published', channel: 'c', title: 'progress 1 ä', size, receivers: 2, via: 'zeromq' },
    { title: 'close', size: 0 },
  ]);
});

test('what is lost is a problem', () => {
  const told = watch(
    { source: 'hermod', type: 'dropped', channel: 'c', reason: 'full' },
    { source: 'hermod', type: 'released', id: '1', cause: 'error', detail: 'link gone' },
    { source: 'hermod', type: 'released', id: '2', cause: 'close' },
    { source: 'hermod', type: 'disabled', part: 'zeromq', reason: 'not installed' },
  );
  expect(told.map((event) => event.type === 'problem' && event.detail)).toEqual(['full', 'link gone', 'not installed']);
});

test('what the server tells', () => {
  const told: FeedEvent[] = [];
  const { development } = createObserver(
    (event) => told.push(event),
    () => 0,
  );
  const exchange = {
    method: 'tools/call',
    target: 'x',
    status: 200,
    durationMs: 2,
    reply: 'held',
    username: 'freya',
  } as const;
  development({ kind: 'exchange', exchange });
  development({ kind: 'exchange', exchange: { ...exchange, toolError: true, subject: 's' } });
  development({ kind: 'refusal', refusal: { method: 'POST', path: '/mcp', status: 401, durationMs: 1 } });
  development({ kind: 'listening', durationMs: 5, restart: true });
  development({ kind: 'crashed', exitCode: 1 });
  development({ kind: 'build-failed', message: 'x'.repeat(20_000) });
  development({ kind: 'output', stream: 'stderr', text: 'y'.repeat(20_000) });
  development({ kind: 'silent', port: 7 });
  expect(told).toMatchObject([
    { type: 'request', method: 'tools/call', target: 'x', who: 'freya', reply: 'held' },
    { remark: 'tool error', subject: 's' },
    { type: 'request', target: '/mcp', status: 401, remark: 'no valid token' },
    { type: 'server', status: 'reloaded', durationMs: 5 },
    { type: 'server', status: 'stopped' },
    { type: 'problem' },
    { type: 'output', stream: 'stderr' },
    { type: 'problem', title: 'Nobody listens on port 7' },
  ]);
  expect(told.every((event) => JSON.stringify(event).length < 9000)).toBe(true);
});

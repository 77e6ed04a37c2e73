import { expect, test } from 'vitest';
import { Subscriber } from 'zeromq';
import { publishChange } from '../../src/client/publish-change.ts';

const signal = new AbortController().signal;

test('a proxy gets the change, on the channel of its subscribers', async () => {
  const proxy = new Subscriber();
  await proxy.bind('tcp://127.0.0.1:*');
  proxy.subscribe();
  const received = proxy[Symbol.asyncIterator]().next();
  const change = { kind: 'resource', uri: 'note://today' } as const;
  await publishChange({
    change,
    gripUrl: `${proxy.lastEndpoint}?verify-key=k`,
    server: 'http://localhost/mcp',
    signal,
  });
  const frames = (await received).value as Buffer[];
  proxy.close();
  expect(frames.join('\n')).toContain('notifications/resources/updated');
  expect(frames.join('\n')).toContain('note://today');
});

test.each([
  ['nonsense', 'GRIP_URL cannot be read'],
  ['http://127.0.0.1:1/', 'GRIP_URL must be tcp://host:port'],
])('%s is refused', async (gripUrl, message) => {
  const change = { kind: 'tools' } as const;
  await expect(publishChange({ change, gripUrl, server: 'http://localhost/mcp', signal })).rejects.toThrow(message);
});

test('Ctrl-C ends the wait for a proxy that is not there', async () => {
  const options = { change: { kind: 'tools' }, gripUrl: 'tcp://127.0.0.1:1', server: 'http://localhost/mcp' } as const;
  await expect(publishChange({ ...options, signal: AbortSignal.abort() })).rejects.toThrow('Cancelled.');
});

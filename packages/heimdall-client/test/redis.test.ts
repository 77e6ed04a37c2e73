import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createRedisRevocationBus } from '../src/redis.ts';
import type { Revocation } from '../src/revocation/revocation.ts';
import { issuer, start } from './support/issuer.ts';

/** A server that hands each message to all who subscribed to its channel. */
function createServer() {
  const connections: { events: EventEmitter; channels: Set<string> }[] = [];
  return {
    publisher: {
      async publish(channel: string, message: string) {
        for (const { events, channels } of connections)
          if (channels.has(channel)) events.emit('message', channel, message);
      },
    },
    connect() {
      const connection = { events: new EventEmitter(), channels: new Set<string>() };
      connections.push(connection);
      return {
        subscribe: async (channel: string) => connection.channels.add(channel),
        unsubscribe: async (channel: string) => connection.channels.delete(channel),
        on: (event: 'message', listener: (channel: string, message: string) => void) =>
          connection.events.on(event, listener),
      };
    },
  };
}

const revocation: Revocation = { issuer, sessionId: 's-1', issuedBefore: start };

test('carries revocations between replicas, and stops when closed', async () => {
  const { publisher, connect } = createServer();
  const onError = (error: unknown) => expect.unreachable(String(error));
  const here = createRedisRevocationBus({ publisher, subscriber: connect(), onError });
  const there = createRedisRevocationBus({ publisher, subscriber: connect(), onError });
  const heard: Revocation[] = [];
  there.subscribe((message) => heard.push(message));
  await here.publish(revocation);
  expect(heard).toEqual([revocation]);
  await there.close();
  await here.publish(revocation);
  expect(heard).toHaveLength(1);
});

test('skips and tells what it cannot read, and hears no other channel', async () => {
  const { publisher, connect } = createServer();
  const subscriber = connect();
  const errors: unknown[] = [];
  const bus = createRedisRevocationBus({
    publisher,
    subscriber,
    channel: 'mine',
    onError: (error) => errors.push(error),
  });
  const heard: Revocation[] = [];
  bus.subscribe((message) => heard.push(message));
  await subscriber.subscribe('other');
  await publisher.publish('other', '{');
  await publisher.publish('mine', '{');
  await bus.publish(revocation);
  expect(heard).toEqual([revocation]);
  expect(errors).toEqual([expect.objectContaining({ code: 'bad_revocation' })]);
});

test('tells when it cannot subscribe', async () => {
  const { publisher, connect } = createServer();
  const subscriber = { ...connect(), subscribe: async () => Promise.reject(new Error('no')) };
  const errors: unknown[] = [];
  const bus = createRedisRevocationBus({ publisher, subscriber, onError: (error) => errors.push(error) });
  await bus.close();
  expect(errors).toEqual([new Error('no')]);
});

test('tries again to subscribe until it can, or is closed', async () => {
  const { publisher, connect } = createServer();
  const connection = connect();
  let failures = 3;
  let attempts = 0;
  const subscriber = {
    ...connection,
    subscribe: async (channel: string) => {
      attempts += 1;
      if (failures-- > 0) throw new Error('no');
      return connection.subscribe(channel);
    },
  };
  const errors: unknown[] = [];
  const options = { publisher, subscriber, retryMs: 1, onError: (error: unknown) => errors.push(error) };
  const bus = createRedisRevocationBus(options);
  await expect.poll(() => attempts).toBe(4);
  const heard: Revocation[] = [];
  bus.subscribe((message) => heard.push(message));
  await bus.publish(revocation);
  expect([heard, errors.length]).toEqual([[revocation], 3]);
  await bus.close();

  failures = 1;
  const other = createRedisRevocationBus({ ...options, retryMs: 2 ** 30 });
  await expect.poll(() => errors.length).toBe(4);
  await other.close();
  expect(attempts).toBe(5);
});

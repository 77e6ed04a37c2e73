import { expect, test } from 'vitest';
import { ChangeRelay } from '../../src/cluster/change-relay.ts';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';

const logger = { error: () => {}, warn: () => {} };

test('a change is told once on every replica, until its relay closes', async () => {
  const bus = new MemoryMessageBus();
  const heard: string[] = [];
  const [a, b] = ['a', 'b'].map(
    (name) => new ChangeRelay({ bus, logger, local: (topic) => heard.push(`${name} ${topic.kind}`) }),
  );
  await a?.publish({ kind: 'tools' });
  expect(heard).toEqual(['a tools', 'b tools']);
  await b?.close();
  await a?.publish({ kind: 'prompts' });
  expect(heard).toEqual(['a tools', 'b tools', 'a prompts']);
});

test('says when it cannot hear the others', async () => {
  const logged: string[] = [];
  const bus = new MemoryMessageBus();
  bus.subscribe = () => Promise.reject(new Error('no bus'));
  const relay = new ChangeRelay({
    bus,
    logger: { ...logger, error: (_fields, message) => void logged.push(message) },
    local: () => {},
  });
  await relay.close();
  expect(logged).toEqual(['changes that other replicas tell of cannot be heard']);
});

test('hears the others as soon as it can, and a change is made even when nobody can be told', async () => {
  const bus = new MemoryMessageBus();
  const { subscribe, publish } = bus;
  bus.subscribe = () => Promise.reject(new Error('no bus'));
  bus.publish = () => Promise.reject(new Error('no bus'));
  const heard: string[] = [];
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const relay = new ChangeRelay({
    bus,
    logger: { error: write, warn: write },
    local: ({ kind }) => heard.push(kind),
    retryMs: 5,
  });
  await relay.publish({ kind: 'tools' });
  expect(heard).toEqual(['tools']);
  Object.assign(bus, { subscribe, publish });
  const other = new ChangeRelay({ bus, logger, local: () => {} });
  await expect
    .poll(async () => {
      await other.publish({ kind: 'prompts' });
      return heard;
    })
    .toContain('prompts');
  expect(logged.toSorted()).toEqual([
    'changes that other replicas tell of cannot be heard',
    'other replicas could not be told of a change',
  ]);
  await Promise.all([relay.close(), other.close()]);
});

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

import { expect, it } from 'vitest';
import { MissedChanges } from '../../src/hermod/missed-changes.ts';
import type { Topic } from '../../src/protocol/exchange.ts';
import { TopicBus } from '../../src/protocol/topic-bus.ts';
import { createTestClock } from '../../src/testing.ts';

const SETTLE_MS = 300;

function create(limit?: number) {
  const bus = new TopicBus(10);
  const told: Topic[] = [];
  const { now, after, advance } = createTestClock();
  const missed = new MissedChanges({
    bus,
    now,
    after,
    tell: (topic) => told.push(topic),
    keepMs: 60_000,
    settleMs: SETTLE_MS,
    ...(limit !== undefined && { limit }),
  });
  const note = (uri: string): Topic => ({ kind: 'resource', uri });
  return { bus, told, advance, missed, note };
}

it('tells once, for all who return in one moment, what changed in the last minute', () => {
  const { bus, told, advance, missed, note } = create();
  bus.publish(note('note://old'));
  advance(30_000);
  bus.publish(note('note://a'));
  bus.publish({ kind: 'tools', tenant: 'a.example' });
  bus.publish(note('note://a'));
  advance(40_000);
  missed.returned();
  missed.returned();
  expect(told).toEqual([]);
  advance(SETTLE_MS);
  expect(told).toEqual([{ kind: 'tools', tenant: 'a.example' }, note('note://a')]);
  missed.returned();
  advance(SETTLE_MS);
  expect(told).toHaveLength(4);
});

it('forgets the oldest when there are too many, and everything when it is closed', () => {
  const { bus, told, advance, missed, note } = create(2);
  for (const uri of ['note://1', 'note://2', 'note://3']) bus.publish(note(uri));
  missed.returned();
  advance(SETTLE_MS);
  expect(told).toEqual([note('note://2'), note('note://3')]);
  missed.returned();
  missed.close();
  bus.publish(note('note://4'));
  advance(SETTLE_MS);
  expect(told).toHaveLength(2);
});

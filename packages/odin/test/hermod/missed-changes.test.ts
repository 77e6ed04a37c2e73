import { expect, it } from 'vitest';
import { MissedChanges } from '../../src/hermod/missed-changes.ts';
import type { Topic } from '../../src/protocol/exchange.ts';
import { TopicBus } from '../../src/protocol/topic-bus.ts';

function create(limit?: number) {
  const bus = new TopicBus(10);
  const told: Topic[] = [];
  const clock = { now: 1_000_000 };
  const missed = new MissedChanges({
    bus,
    now: () => clock.now,
    tell: (topic) => told.push(topic),
    keepMs: 60_000,
    settleMs: 0,
    ...(limit !== undefined && { limit }),
  });
  const note = (uri: string): Topic => ({ kind: 'resource', uri });
  return { bus, told, clock, missed, note };
}

it('tells once, for all who return in one moment, what changed in the last minute', async () => {
  const { bus, told, clock, missed, note } = create();
  bus.publish(note('note://old'));
  clock.now += 30_000;
  bus.publish(note('note://a'));
  bus.publish({ kind: 'tools', tenant: 'a.example' });
  bus.publish(note('note://a'));
  clock.now += 40_000;
  missed.returned();
  missed.returned();
  await expect.poll(() => told).toEqual([{ kind: 'tools', tenant: 'a.example' }, note('note://a')]);
  missed.returned();
  await expect.poll(() => told).toHaveLength(4);
});

it('forgets the oldest when there are too many, and everything when it is closed', async () => {
  const { bus, told, missed, note } = create(2);
  for (const uri of ['note://1', 'note://2', 'note://3']) bus.publish(note(uri));
  missed.returned();
  await expect.poll(() => told).toEqual([note('note://2'), note('note://3')]);
  missed.returned();
  missed.close();
  bus.publish(note('note://4'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told).toHaveLength(2);
});

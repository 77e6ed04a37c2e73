import { expect, test } from 'vitest';
import { createRememberingBus, type RememberingBusOptions } from '../../src/revocation/remembering-bus.ts';
import { createMemoryRevocationBus, type Revocation } from '../../src/revocation/revocation.ts';
import { createClock, issuer, start } from '../support/issuer.ts';

const of = (subject: string, issuedBefore = start): Revocation => ({ issuer, subject, issuedBefore });

function setup(options: RememberingBusOptions = {}) {
  const clock = createClock();
  const bus = createRememberingBus(undefined, { now: clock.now, ...options });
  const hearNow = (): Revocation[] => {
    const heard: Revocation[] = [];
    bus.subscribe((revocation) => heard.push(revocation))();
    return heard;
  };
  return { bus, clock, hearNow };
}

test('whoever subscribes hears what was revoked before, and what is revoked from then on', async () => {
  const { bus } = setup();
  await bus.publish(of('a'));
  const heard: Revocation[] = [];
  const stop = bus.subscribe((revocation) => heard.push(revocation));
  await bus.publish(of('b'));
  stop();
  await bus.publish(of('c'));
  expect(heard).toEqual([of('a'), of('b')]);
});

test('one of the same is remembered once, with the later time', async () => {
  const { bus, hearNow } = setup();
  for (const at of [start, start + 5, start + 2]) await bus.publish(of('a', at));
  expect(hearNow()).toEqual([of('a', start + 5)]);
});

test('old ones are forgotten', async () => {
  const { bus, clock, hearNow } = setup({ retentionMs: 10_000 });
  await bus.publish(of('a'));
  clock.pass(5);
  await bus.publish(of('b'));
  clock.pass(5);
  expect(hearNow()).toEqual([of('b')]);
});

test('a full memory widens the oldest ones instead of forgetting them', async () => {
  const { bus, clock, hearNow } = setup({ maxEntries: 3 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await bus.publish(of(name, start - 100));
    clock.pass(1);
  }
  const remembered = hearNow();
  expect(remembered.length).toBeLessThanOrEqual(3);
  expect(remembered).toContainEqual(of('e', start - 100));
  const wide = remembered.find(({ subject }) => subject === undefined);
  expect(wide?.issuedBefore).toBeGreaterThanOrEqual(start);
});

test('over another bus everybody hears everybody, and after the end nobody', async () => {
  const below = createMemoryRevocationBus();
  const [one, two] = [createRememberingBus(below), createRememberingBus(below)];
  const heard: string[] = [];
  one.subscribe(({ subject }) => heard.push(`one ${subject}`));
  two.subscribe(({ subject }) => heard.push(`two ${subject}`));
  await one.publish(of('a'));
  two.hear(of('b'));
  one.close();
  two.close();
  await below.publish(of('c'));
  expect([...new Set(heard)]).toEqual(['one a', 'two a', 'two b']);
});

test('everybody here hears of it even if the others cannot be told, which the publisher learns', async () => {
  const below = { subscribe: () => () => {}, publish: () => Promise.reject(new Error('down')) };
  const bus = createRememberingBus(below);
  const heard: Revocation[] = [];
  bus.subscribe((revocation) => heard.push(revocation));
  await expect(bus.publish(of('a'))).rejects.toThrow('down');
  expect(heard).toEqual([of('a')]);
});

test('passes a gap on, also to whoever subscribes later, as long as it matters', () => {
  const clock = createClock();
  const told: ((issuedBefore: number) => void)[] = [];
  const below = {
    publish: async () => {},
    subscribe: (_listener: unknown, onGap?: (issuedBefore: number) => void) => {
      if (onGap) told.push(onGap);
      return () => {};
    },
  };
  const bus = createRememberingBus(below, { now: clock.now, retentionMs: 10_000 });
  const gaps: string[] = [];
  const listenAs = (name: string) =>
    bus.subscribe(
      () => {},
      (issuedBefore) => gaps.push(`${name} ${issuedBefore}`),
    );
  const stop = listenAs('early');
  for (const onGap of told) onGap(start);
  listenAs('late')();
  stop();
  for (const onGap of told) onGap(start - 5);
  clock.pass(10);
  listenAs('too late');
  expect(gaps).toEqual([`early ${start}`, `late ${start}`]);
});

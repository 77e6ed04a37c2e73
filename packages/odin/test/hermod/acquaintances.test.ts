import { expect, test } from 'vitest';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';
import { Acquaintances } from '../../src/hermod/acquaintances.ts';
import { createTestClock } from '../../src/testing.ts';

const urlOf = (owner: string): string => `http://${owner.replace('.', '-')}.internal:8080`;

function createPlace() {
  const bus = new MemoryMessageBus();
  const unreachable = new Set<string>();
  const logged: unknown[] = [];
  const logger = { error: () => {}, warn: (fields: object) => void logged.push(fields) };
  /** Whoever lives at an address now, where that is not who did first. */
  const moved = new Map<string, string>();
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { origin } = new URL(url);
    if (unreachable.has(origin)) throw new TypeError('fetch failed');
    const meant = new Headers(init.headers).get('odin-owner');
    return new Response('{}', { status: meant === moved.get(origin) || !moved.has(origin) ? 200 : 421 });
  };
  const { after, advance } = createTestClock();
  const start = (owner: string) => new Acquaintances({ bus, owner, advertise: urlOf(owner), logger, fetch, after });
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed++) {
      advance(1_000);
      await settle();
    }
  };
  return { bus, unreachable, moved, logged, start, pass };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('replicas know each other from their start on, whoever came first', async () => {
  const { start } = createPlace();
  const [a, b, c] = [start('a.1'), start('b.1'), start('c.1')];
  for (const one of [a, b, c]) await one.introduce();
  await settle();
  const seen = [a, b, c].map((one) => ['a.1', 'b.1', 'c.1'].filter((owner) => one.urlOf(owner) === urlOf(owner)));
  expect(seen).toEqual([
    ['b.1', 'c.1'],
    ['a.1', 'c.1'],
    ['a.1', 'b.1'],
  ]);
});

test('one that cannot be reached is not known, and that is said once, when it was tried for a while', async () => {
  const { start, unreachable, logged, pass } = createPlace();
  unreachable.add(urlOf('b.1'));
  const a = start('a.1');
  await a.meet('b.1', urlOf('b.1'));
  await pass(10);
  expect([a.urlOf('b.1'), logged]).toEqual([undefined, []]);
  await pass(10);
  await a.meet('b.1', urlOf('b.1'));
  await pass(20);
  expect([a.urlOf('b.1'), logged]).toEqual([undefined, [{ replica: 'b.1', url: urlOf('b.1') }]]);
});

test('one that introduced itself before it listened is met as soon as it does', async () => {
  const { start, unreachable, logged, pass } = createPlace();
  const [a, b] = [start('a.1'), start('b.1')];
  unreachable.add(urlOf('b.1'));
  await a.introduce();
  await b.introduce();
  await pass(3);
  expect(a.urlOf('b.1')).toBeUndefined();
  unreachable.delete(urlOf('b.1'));
  await pass(1);
  expect([a.urlOf('b.1'), logged]).toEqual([urlOf('b.1'), []]);
});

test('whoever took over the address of another is not that one', async () => {
  const { start, moved } = createPlace();
  const a = start('a.1');
  expect(await a.isThere('b.1', urlOf('b.1'))).toBe(true);
  moved.set(urlOf('b.1'), 'c.1');
  expect(await a.isThere('b.1', urlOf('b.1'))).toBe(false);
  expect(await a.isThere('c.1', urlOf('b.1'))).toBe(true);
});

test('introduces itself later when the bus was away', async () => {
  const { bus, start } = createPlace();
  const b = start('b.1');
  await b.introduce();
  const { publish } = bus;
  bus.publish = () => Promise.reject(new Error('out of reach'));
  const a = start('a.1');
  await expect(a.introduce()).rejects.toThrow('out of reach');
  bus.publish = publish;
  await a.introduce();
  await settle();
  expect([a.urlOf('b.1'), b.urlOf('a.1')]).toEqual([urlOf('b.1'), urlOf('a.1')]);
});

test('hears nothing more once it is closed, and forgets whom it is told to', async () => {
  const { start } = createPlace();
  const [a, b] = [start('a.1'), start('b.1')];
  await a.introduce();
  await a.close();
  await b.introduce();
  await settle();
  expect(a.urlOf('b.1')).toBeUndefined();
  await a.meet('b.1', urlOf('b.1'));
  a.forget('b.1');
  expect(a.urlOf('b.1')).toBeUndefined();
});

test('remembers those that it met last, not all that ever were', async () => {
  const { start } = createPlace();
  const a = start('a.1');
  for (let number = 0; number < 300; number++) await a.meet(`r${number}.1`, urlOf(`r${number}.1`));
  const known = Array.from({ length: 300 }, (_, number) => a.urlOf(`r${number}.1`)).filter(Boolean);
  expect([known.length, known.at(-1)]).toEqual([256, urlOf('r299.1')]);
});

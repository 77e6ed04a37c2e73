import { expect, test } from 'vitest';
import { createSingleFlight } from '../../src/cache/single-flight.ts';

test('a thousand callers share one run, and the next caller starts another', async () => {
  const flight = createSingleFlight<number>(10);
  let runs = 0;
  const work = async () => {
    runs += 1;
    return runs;
  };
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => flight.run('k', work)));
  expect(new Set(answers)).toEqual(new Set([1]));
  expect(flight).toMatchObject({ size: 0, joined: 999 });
  expect(await flight.run('k', work)).toBe(2);
});

test('keys do not mix', async () => {
  const flight = createSingleFlight<string>(10);
  expect(await Promise.all(['a', 'b'].map((key) => flight.run(key, async () => key)))).toEqual(['a', 'b']);
});

test('a failure reaches all who wait and is forgotten', async () => {
  const flight = createSingleFlight<string>(10);
  const fail = async () => {
    throw new Error('no');
  };
  const outcomes = await Promise.allSettled([flight.run('k', fail), flight.run('k', fail)]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(await flight.run('k', async () => 'yes')).toBe('yes');
});

test('is bounded; joining is always possible', async () => {
  const flight = createSingleFlight<string>(1);
  let open: (value: string) => void = () => undefined;
  const first = flight.run('a', () => new Promise((resolve) => (open = resolve)));
  await expect(flight.run('b', async () => 'b')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
  const joined = flight.run('a', async () => 'other');
  open('a');
  expect(await Promise.all([first, joined])).toEqual(['a', 'a']);
  expect(await flight.run('b', async () => 'b')).toBe('b');
});

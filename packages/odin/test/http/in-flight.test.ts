import { expect, it } from 'vitest';
import { InFlight, type RunningCall } from '../../src/http/in-flight.ts';

interface Call extends RunningCall {
  readonly name: string;
}

function setUp(count: number): { inFlight: InFlight; calls: Call[]; ended: string[] } {
  const inFlight = new InFlight();
  const ended: string[] = [];
  const calls = Array.from({ length: count }, (_, index) => {
    const name = String(index);
    return { name, before: undefined, after: undefined, end: async () => void ended.push(name) };
  });
  for (const call of calls) inFlight.enter(call);
  return { inFlight, calls, ended };
}

it.each([
  [[], '0123'],
  [[0], '123'],
  [[3], '012'],
  [[1, 2], '03'],
  [[2, 1, 3], '0'],
  [[0, 3, 1, 2], ''],
])('ends the calls that still run, after %j have left', async (leaving, running) => {
  const { inFlight, calls, ended } = setUp(4);
  for (const index of leaving) {
    const call = calls[index];
    if (call) inFlight.leave(call);
  }
  await inFlight.endCalls('drained');
  expect(ended.sort().join('')).toBe(running);
  const gone = calls.filter(({ name }) => !running.includes(name));
  expect(gone.every(({ before, after }) => before === undefined && after === undefined)).toBe(true);
});

it('does not wait for a client that takes nothing', async () => {
  const { inFlight } = setUp(1);
  inFlight.enter({ before: undefined, after: undefined, end: () => new Promise(() => {}) });
  await inFlight.endCalls('drained');
});

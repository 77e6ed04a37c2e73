import { expect, test } from 'vitest';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';
import type { Outlet } from '../../src/legacy/outlet.ts';
import { Pump } from '../../src/legacy/pump.ts';

interface SlowOutlet extends Outlet {
  readonly written: string[];
  /** Lets the write that waits go through. */
  take(): void;
  leave(): void;
}

function createSlowOutlet(): SlowOutlet {
  const written: string[] = [];
  let take = (): void => {};
  let leave = (): void => {};
  return {
    kind: 'sse',
    written,
    write: (block) => {
      written.push(block);
      return new Promise((resolve) => {
        take = resolve;
      });
    },
    end: (block) => void written.push(`${block}end`),
    onGone: (listener) => {
      leave = listener;
    },
    take: () => take(),
    leave: () => leave(),
  };
}

const keep = { maxLen: 10_000, ttlMs: 60_000 };

async function createPump() {
  const bus = new MemoryMessageBus();
  const outlet = createSlowOutlet();
  let closed = 0;
  const pump = new Pump({
    outlet,
    coalesce: false,
    format: ({ data }) => ({ block: data, last: data === '.' }),
    onClosed: () => {
      closed += 1;
    },
  });
  await pump.follow(bus, { name: 'log', after: undefined }, () => outlet.written.push('lost'));
  const append = async (...items: string[]): Promise<void> => {
    for (const item of items) await bus.append('log', item, keep);
  };
  return { bus, outlet, pump, append, closed: () => closed };
}

test('a writer waits for a reader that is behind, and goes on when it has caught up', async () => {
  const { outlet, pump, append } = await createPump();
  await append('a');
  await expect.poll(() => outlet.written).toEqual(['a']);
  await append(...'b'.repeat(31));
  expect(pump.ready()).toBeUndefined();
  await append('b');
  let ready = false;
  const waiting = Promise.resolve(pump.ready()).then(() => {
    ready = true;
  });
  await Promise.resolve();
  expect(ready).toBe(false);
  outlet.take();
  await waiting;
  expect(outlet.written).toEqual(['a', 'b'.repeat(32)]);
});

test('a reader that is too far behind is cut off', async () => {
  const { outlet, pump, append, closed } = await createPump();
  await append('a');
  await expect.poll(() => outlet.written).toEqual(['a']);
  await append(...'b'.repeat(256));
  expect(pump.closed).toBe(false);
  const waiting = pump.ready();
  await append('b');
  await waiting;
  await pump.finished;
  expect(outlet.written).toEqual(['a', 'end']);
  expect(closed()).toBe(1);
  await append('never');
  expect(outlet.written).toEqual(['a', 'end']);
});

test('a few large events are too far behind as well; one alone is not', async () => {
  const { outlet, pump, append } = await createPump();
  await append('a');
  await expect.poll(() => outlet.written).toEqual(['a']);
  await append('x'.repeat(2_000_000));
  expect(pump.closed).toBe(false);
  await append('y');
  expect(pump.closed).toBe(true);
});

test('the last event ends the connection, with what waited before it', async () => {
  const { outlet, pump, append } = await createPump();
  await append('a');
  await expect.poll(() => outlet.written).toEqual(['a']);
  await append('b', '.');
  outlet.take();
  await pump.finished;
  expect(outlet.written).toEqual(['a', 'b.end']);
});

test('a reader that leaves is not written to any more', async () => {
  const { bus, outlet, pump, append, closed } = await createPump();
  outlet.leave();
  await pump.finished;
  await append('a');
  await pump.follow(bus, { name: 'log', after: '9' }, () => outlet.written.push('lost'));
  expect(outlet.written).toEqual(['end']);
  expect(closed()).toBe(1);
});

test('a write that fails ends the connection', async () => {
  const { outlet, pump, append } = await createPump();
  outlet.write = () => Promise.reject(new Error('gone'));
  await append('a');
  await pump.finished;
  expect(outlet.written).toEqual(['end']);
});

test('a reader that was gone before is let go of at once', () => {
  const outlet = createSlowOutlet();
  outlet.onGone = (listener) => listener();
  const closed: Pump[] = [];
  const pump = new Pump({
    outlet,
    coalesce: false,
    format: ({ data }) => ({ block: data, last: false }),
    onClosed: (itself) => closed.push(itself),
  });
  expect(pump.closed).toBe(true);
  expect(closed).toEqual([pump]);
});

import { describe, expect, it } from 'vitest';
import { createHolds, createInMemoryPublisher, type HoldsOptions, type InMemoryPublisher } from '../../src/index.ts';
import { ManualClock, settle } from './manual-clock.ts';

function setUp(options: Partial<HoldsOptions> = {}) {
  const clock = new ManualClock();
  const publisher = createInMemoryPublisher();
  const { now, monotonic, setTimeout, clearTimeout } = clock;
  const holds = createHolds({ publisher, now, monotonic, setTimeout, clearTimeout, ...options });
  return { clock, publisher, holds };
}

/** What was published, `|` between items. */
function wire({ published }: InMemoryPublisher): string {
  return published
    .map(({ format }) => ('action' in format ? format.action : 'content' in format ? format.content : '?'))
    .join('|');
}

const outcome = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('a hold that waits', () => {
  it('publishes nothing before the proxy has subscribed, then everything in order', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    const writes = [hold.write('a\n\n'), hold.write('b\n\n'), hold.write('')];
    hold.answered();
    await settle();
    expect([hold.state, wire(publisher)]).toEqual(['waiting', '']);
    publisher.subscribe(hold.channel);
    await Promise.all(writes);
    await hold.write('c\n\n');
    expect([hold.state, wire(publisher)]).toEqual(['live', 'a\n\nb\n\n|c\n\n']);
  });

  it('may have ended already: the rest and the close follow when it is live', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    void hold.write('a');
    const end = hold.end('z');
    await settle();
    expect(wire(publisher)).toBe('');
    publisher.subscribe(hold.channel);
    await end;
    expect([hold.state, wire(publisher), hold.signal.aborted]).toEqual(['ended', 'az|close', false]);
  });

  it('is aborted when the proxy has not subscribed in time, counted from the answer', async () => {
    const { clock, publisher, holds } = setUp({ readinessTimeoutMs: 2_000 });
    const hold = holds.open();
    const write = outcome(hold.write('a'));
    await clock.advance(60_000);
    expect(hold.state).toBe('waiting');
    hold.answered();
    await clock.advance(1_999);
    expect(hold.state).toBe('waiting');
    await clock.advance(1);
    expect([hold.state, hold.signal.reason.code, await write, wire(publisher)]).toEqual([
      'ended',
      'not_ready',
      'not_ready',
      '',
    ]);
  });

  it('is not aborted while no proxy is connected: its silence says nothing about the client', async () => {
    const { clock, publisher, holds } = setUp();
    const hold = holds.open();
    hold.answered();
    publisher.setConnected(false);
    await clock.advance(10_000);
    expect(hold.state).toBe('waiting');
    publisher.setConnected(true);
    await clock.advance(2_000);
    expect(hold.signal.reason.code).toBe('not_ready');
  });

  it('that comes too late is closed, so that the client does not wait for ever', async () => {
    const { clock, publisher, holds } = setUp();
    const hold = holds.open();
    hold.answered();
    await clock.advance(2_000);
    publisher.subscribe(hold.channel);
    await settle();
    expect(publisher.published).toEqual([{ channel: hold.channel, format: { kind: 'http-stream', action: 'close' } }]);
    publisher.subscribe(hold.channel.replace(/^hold\.[^.]+/, 'hold.other'));
    publisher.subscribe('topic');
    await settle();
    expect(publisher.published).toHaveLength(1);
  });
});

describe('a live hold', () => {
  it('aborts its signal and refuses more when the client departs', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    publisher.unsubscribe(hold.channel);
    expect([hold.state, hold.signal.reason.code]).toEqual(['ended', 'departed']);
    expect(await outcome(hold.write('a'))).toBe('departed');
    expect(await outcome(hold.end('z'))).toBe('departed');
    expect(wire(publisher)).toBe('');
  });

  it('ends once, also when the client leaves because of the close', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.onPublish(({ format }) => {
      if ('action' in format) publisher.unsubscribe(hold.channel);
    });
    publisher.subscribe(hold.channel);
    const first = hold.end('z');
    expect(hold.end('again')).toBe(first);
    await first;
    expect([wire(publisher), hold.signal.aborted, await outcome(hold.write('a'))]).toEqual([
      'z|close',
      false,
      'hold_ended',
    ]);
    expect(holds.stats()).toMatchObject({ completed: 1, cancelled: 0 });
  });

  it('publishes one item at a time: a slow publisher stops the writer', async () => {
    const { publisher, holds } = setUp();
    let release: () => void = () => undefined;
    publisher.onPublish(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    const done: string[] = [];
    const write = (block: string): void => void hold.write(block).then(() => done.push(block));
    write('a');
    await settle();
    for (const block of ['b', 'c']) write(block);
    await settle();
    expect([wire(publisher), done]).toEqual(['a', []]);
    release();
    await settle();
    expect([wire(publisher), done]).toEqual(['a|bc', ['a']]);
    release();
    await settle();
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('sends a burst in few items, at most 200 a second after the first 16', async () => {
    const { clock, publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    let expected = '';
    for (let event = 0; event < 5_000; event++) {
      expected += `${event}\n\n`;
      void hold.write(`${event}\n\n`);
      if (event % 10 === 9) await clock.advance(1);
    }
    await hold.end();
    expect(wire(publisher).replaceAll('|', '')).toBe(`${expected}close`);
    expect(publisher.published.length).toBeLessThan(16 + 500 / 5 + 3);
  });

  it('keeps its pace when the wall clock is set back', async () => {
    const { clock, publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    await hold.write('a');
    clock.set(-30_000);
    await hold.write('b');
    expect(wire(publisher)).toBe('a|b');
  });

  it('does not make the last block wait for the pace', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    for (let item = 0; item < 16; item++) await hold.write(String(item % 10));
    const slow = hold.write('s');
    await settle();
    expect(wire(publisher).endsWith('5')).toBe(true);
    await hold.end('z');
    await slow;
    expect(wire(publisher).endsWith('|5|sz|close')).toBe(true);
  });

  it('has a hard limit on what waits; after a gap only the end is accepted', async () => {
    const { publisher, holds } = setUp({ maxBytesPerHold: 10 });
    const hold = holds.open();
    void hold.write('12345');
    void hold.write('äöé'.slice(0, 2));
    expect(await outcome(hold.write('ü'))).toBe('queue_full');
    expect(await outcome(hold.write('x'))).toBe('queue_full');
    expect(holds.stats().queuedBytes).toBe(9);
    const end = hold.end('the error, however long');
    publisher.subscribe(hold.channel);
    await end;
    expect(wire(publisher)).toBe('12345äöthe error, however long|close');
  });

  it('fails when an item cannot be published: nothing is lost in silence', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    publisher.onPublish(() => Promise.reject(new Error('full')));
    const late = outcome(hold.write('b'));
    expect(await outcome(hold.write('a'))).toBe('publish_failed');
    expect(await late).toBe('publish_failed');
    expect(hold.signal.reason).toMatchObject({ code: 'publish_failed', cause: { message: 'full' } });
    expect(holds.stats()).toMatchObject({ failed: 1, open: 0 });
  });

  it('closes the stream when it is aborted', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    hold.abort(new Error('why'));
    await settle();
    expect([hold.state, hold.signal.reason.cause.message, wire(publisher)]).toEqual(['ended', 'why', 'close']);
  });
});

describe('the time of a hold', () => {
  it('ends with maxHoldMs: the signal says so, a last block still gets through', async () => {
    const { clock, publisher, holds } = setUp({ maxHoldMs: 5_000, graceMs: 1_000 });
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    await clock.advance(5_000);
    expect([hold.state, hold.signal.reason.code]).toEqual(['live', 'expired']);
    await hold.end('error');
    publisher.unsubscribe(hold.channel);
    expect([wire(publisher), clock.pending]).toEqual(['error|close', 0]);
  });

  it('ends with the grace time when nobody ends it', async () => {
    const { clock, publisher, holds } = setUp({ maxHoldMs: 5_000, graceMs: 1_000 });
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    await clock.advance(6_000);
    expect([hold.state, wire(publisher)]).toEqual(['ended', 'close']);
    expect(holds.stats().expired).toBe(1);
  });

  it('ends with the token, if that is sooner', async () => {
    const { clock, holds } = setUp();
    const hold = holds.open({ expiresAt: clock.now() + 3_000 });
    const stale = holds.open({ expiresAt: clock.now() - 1 });
    await clock.advance(0);
    expect([hold.signal.aborted, stale.signal.aborted]).toEqual([false, true]);
    await clock.advance(3_000);
    expect(hold.signal.reason.code).toBe('expired');
  });
});

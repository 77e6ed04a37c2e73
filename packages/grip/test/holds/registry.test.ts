import { describe, expect, it } from 'vitest';
import { createHolds, createInMemoryPublisher, type HoldsOptions, parseChannelName } from '../../src/index.ts';
import { createLeaseSealer } from '../../src/node/index.ts';
import { ManualClock, settle } from './manual-clock.ts';

const sealer = createLeaseSealer({ keys: ['a key for leases that is long enough'] });

function setUp(options: Partial<HoldsOptions> = {}) {
  const clock = new ManualClock();
  const publisher = createInMemoryPublisher();
  const { now, monotonic, setTimeout, clearTimeout } = clock;
  return { clock, publisher, holds: createHolds({ publisher, now, monotonic, setTimeout, clearTimeout, ...options }) };
}

describe('createHolds', () => {
  it('gives every hold a channel of its own that names replica and start', () => {
    const { holds } = setUp({ replica: 'pod-1', prefix: 'odin' });
    const [first, second] = [holds.open(), holds.open()].map(({ channel }) => parseChannelName(channel));
    expect(first).toMatchObject({ prefix: 'odin', replica: 'pod-1', boot: second?.boot });
    expect(first?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.id).not.toBe(second?.id);
  });

  it('instructs the proxy: stream, channels, keep-alive, meta', () => {
    const { holds } = setUp();
    const hold = holds.open({ channels: [{ name: 'topic', filters: ['var-subst'] }], meta: { sub: '1' } });
    expect(hold.instruction).toEqual({
      mode: 'stream',
      channels: [{ name: hold.channel }, { name: 'topic', filters: ['var-subst'] }],
      keepAlive: { data: ':\n\n', mode: 'idle', timeoutSeconds: 20 },
      meta: { sub: '1' },
    });
    expect(setUp({ keepAlive: false }).holds.open().instruction.keepAlive).toBeUndefined();
  });

  it('refuses more channels than a connection can have', () => {
    const channels = Array.from({ length: 20 }, (_, index) => ({ name: `c${index}` }));
    const { holds } = setUp();
    expect(() => holds.open({ channels })).toThrow(expect.objectContaining({ code: 'too_many_channels' }));
    expect(holds.stats().open).toBe(0);
  });

  it('refuses more holds than it may have', async () => {
    const { holds, publisher } = setUp({ maxHolds: 1 });
    const hold = holds.open();
    expect(() => holds.open()).toThrow(expect.objectContaining({ code: 'too_many_holds' }));
    publisher.subscribe(hold.channel);
    await hold.end();
    expect(holds.open().state).toBe('waiting');
  });

  it('counts', async () => {
    const { holds, publisher, clock } = setUp();
    const [completed, departed, late, live, waiting] = Array.from({ length: 5 }, () => holds.open());
    for (const hold of [completed, departed, live]) publisher.subscribe(hold?.channel ?? '');
    await completed?.end('x');
    publisher.unsubscribe(departed?.channel ?? '');
    late?.answered();
    await clock.advance(2_000);
    void waiting?.write('abc');
    expect(holds.stats()).toEqual({
      open: 2,
      waiting: 1,
      live: 1,
      queuedBytes: 3,
      opened: 5,
      completed: 1,
      cancelled: 2,
      expired: 0,
      failed: 0,
      recovered: 0,
      lost: 0,
      hinted: 0,
    });
  });

  it('leaves no timer behind', async () => {
    const { holds, publisher, clock } = setUp();
    for (const close of [true, false]) {
      const hold = holds.open();
      hold.answered();
      publisher.subscribe(hold.channel);
      if (close) await hold.end();
      publisher.unsubscribe(hold.channel);
    }
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['replica', { replica: 'a.b' }],
    ['prefix', { prefix: '' }],
    ['readinessTimeoutMs', { readinessTimeoutMs: 0 }],
    ['maxHolds', { maxHolds: Number.NaN }],
    ['graceMs', { graceMs: 1.5 }],
    ['maxHoldMs', { maxHoldMs: 3e9 }],
    ['recovery.timeoutSeconds', { recovery: { url: '/next', sealer, explain: () => '', timeoutSeconds: 1.5 } }],
    ['publisher', { publisher: {} as never }],
  ])('refuses a bad %s and names it', (field, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'bad_option', field }));
  });
});

describe('drain', () => {
  it('waits for running holds, takes the results of all, and waits until the proxy has delivered them', async () => {
    const { holds, publisher, clock } = setUp();
    const [live, waiting] = [holds.open(), holds.open()];
    publisher.subscribe(live.channel);
    let drained = false;
    void holds.drain({ deadlineMs: 10_000 }).then(() => {
      drained = true;
    });
    await clock.advance(5_000);
    await live.end('result');
    expect([drained, live.signal.aborted]).toEqual([false, false]);
    publisher.subscribe(waiting.channel);
    await waiting.end('result');
    await settle();
    expect(drained).toBe(false);
    for (const { channel } of [live, waiting]) publisher.unsubscribe(channel);
    await settle();
    expect([drained, holds.stats().completed, clock.pending]).toEqual([true, 2, 0]);
    expect(() => holds.open()).toThrow(expect.objectContaining({ code: 'drained' }));
  });

  it('stops what is left at the deadline, with grace for a last block', async () => {
    const { holds, publisher, clock } = setUp({ graceMs: 1_000 });
    const [polite, stuck] = [holds.open(), holds.open()];
    for (const hold of [polite, stuck]) publisher.subscribe(hold.channel);
    polite.signal.addEventListener('abort', () => void polite.end('sorry'));
    const drained = holds.drain({ deadlineMs: 10_000 });
    await clock.advance(10_000);
    expect([polite.state, stuck.state]).toEqual(['ended', 'live']);
    await clock.advance(2_000);
    await drained;
    expect(stuck.signal.reason.code).toBe('drained');
    expect(publisher.published.filter(({ format }) => 'action' in format)).toHaveLength(2);
  });
});

describe('close', () => {
  it('ends every stream at once and resolves when that is published', async () => {
    const { holds, publisher, clock } = setUp();
    const [live, waiting] = [holds.open(), holds.open()];
    publisher.subscribe(live.channel);
    await holds.close();
    expect([live, waiting].map(({ signal }) => signal.reason.code)).toEqual(['drained', 'drained']);
    expect(publisher.published.map(({ channel }) => channel)).toEqual([live.channel]);
    publisher.subscribe(waiting.channel);
    await settle();
    expect([publisher.published.length, clock.pending]).toEqual([1, 0]);
  });
});

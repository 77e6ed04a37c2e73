import { describe, expect, it } from 'vitest';
import {
  createFanOut,
  createHolds,
  createInMemoryPublisher,
  formatLast,
  type Hold,
  type Holds,
  type HoldsOptions,
  type InMemoryPublisher,
  parseHoldHeaders,
  type RecoveryAnswer,
} from '../../src/index.ts';
import { createLeaseSealer } from '../../src/node/index.ts';
import { ManualClock, settle } from './manual-clock.ts';

const sealer = createLeaseSealer({ keys: ['a key for leases that is long enough'] });
const explain = ({ reason, data }: { reason: string; data: string }): string => `${reason} ${data}`;

function setUp(options: Partial<HoldsOptions> = {}) {
  const clock = new ManualClock();
  const publisher = createInMemoryPublisher();
  const { now, monotonic, setTimeout, clearTimeout } = clock;
  const recovery = { url: '/.odin/next', sealer, explain };
  const holds = createHolds({
    publisher,
    now,
    monotonic,
    setTimeout,
    clearTimeout,
    replica: 'r1',
    recovery,
    ...options,
  });
  return { clock, publisher, holds };
}

function ask(holds: Holds, hold: Hold, lastId: number | string): RecoveryAnswer {
  return holds.recover({ last: formatLast([{ channel: hold.channel, lastId: String(lastId) }]) });
}

const textsOf = ({ published }: InMemoryPublisher, { channel }: Hold): unknown[] =>
  published
    .filter((item) => item.channel === channel)
    .map(({ format }) => ('action' in format ? format.action : 'content' in format && format.content));

const prevIdOf = ({ headers }: RecoveryAnswer): string | undefined =>
  parseHoldHeaders(new Headers(headers))?.channels[0]?.prevId;

describe('a hold with recovery', () => {
  it('numbers its items, the close included, and has a next link', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open({ lease: 'id 7' });
    expect(hold.instruction).toMatchObject({
      channels: [{ name: hold.channel, prevId: '0' }, { name: expect.stringMatching(/^hold\.r1\.[0-9a-f]{12}\.ask$/) }],
      next: { timeoutSeconds: 60 },
    });
    expect(hold.instruction.next?.uri).toBe('/.odin/next/r1.0');
    expect(holds.open({ lease: 'id 7' }).channel).not.toBe(hold.channel);
    publisher.subscribe(hold.channel);
    await hold.write('a');
    await hold.end('z');
    expect(publisher.published.map(({ id, prevId }) => `${prevId}-${id}`)).toEqual(['0-1', '1-2', '2-3']);
  });

  it('answers its link with what is missing, and is held again', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    for (const block of ['a', 'b', 'c']) await hold.write(block);
    const answer = ask(holds, hold, 1);
    expect(answer).toMatchObject({ status: 200, body: 'bc', outcome: 'repaired' });
    expect([answer.headers['content-type'], prevIdOf(answer)]).toEqual(['text/event-stream', '3']);
    expect(parseHoldHeaders(new Headers(answer.headers))?.next).toEqual(hold.instruction.next);
    expect(ask(holds, hold, 3)).toMatchObject({ body: '', outcome: 'none' });
    expect(holds.stats().recovered).toBe(1);
  });

  it('forgets what the client is known to have', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    for (const block of ['a', 'b']) await hold.write(block);
    ask(holds, hold, 1);
    expect(ask(holds, hold, 0)).toMatchObject({ body: 'gap ', outcome: 'lost' });
    expect([hold.state, hold.signal.reason.code]).toEqual(['ended', 'gap']);
  });

  it('answers with the rest and no hold when it has ended, until the client is gone', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    await hold.write('a');
    await hold.end('z');
    const answer = ask(holds, hold, 1);
    expect([answer.status, answer.body, answer.headers['grip-hold']]).toEqual([200, 'z', undefined]);
    publisher.unsubscribe(hold.channel);
    expect(ask(holds, hold, 1)).toMatchObject({ body: 'unknown ', outcome: 'lost' });
  });

  it('is forgotten a while after its end, when nobody says that the client is gone', async () => {
    const { publisher, holds, clock } = setUp();
    const hold = holds.open({ lease: 'x' });
    publisher.subscribe(hold.channel);
    await hold.end('z');
    await clock.advance(89_000);
    expect(ask(holds, hold, 0).body).toBe('z');
    await clock.advance(1_000);
    expect([ask(holds, hold, 0).body, clock.pending]).toEqual(['unknown x', 0]);
  });

  it('bounds what waits and what is kept together; too slow a client is told', async () => {
    const { publisher, holds } = setUp({ maxBytesPerHold: 10 });
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    for (const block of ['1234', '5678', '90ab']) await hold.write(block);
    expect(ask(holds, hold, 1).body).toBe('567890ab');
    expect(ask(holds, hold, 0)).toMatchObject({ body: 'gap ', outcome: 'lost' });
    expect(holds.stats()).toMatchObject({ failed: 1, lost: 1 });
  });

  it('outlives a short break of the way to the proxy', async () => {
    const { publisher, holds, clock } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    await hold.write('a');
    publisher.setConnected(false);
    const late = hold.write('b');
    await clock.advance(1_000);
    expect([hold.state, hold.signal.aborted, holds.stats().live]).toEqual(['waiting', false, 0]);
    publisher.setConnected(true);
    publisher.subscribe(hold.channel);
    await late;
    await hold.end('z');
    expect(publisher.published.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it('outlives the break of its proxy while another one is connected, and ends at once when its client leaves', async () => {
    const [one, two] = [createInMemoryPublisher(), createInMemoryPublisher()];
    const { holds, clock } = setUp({ publisher: createFanOut([one, two]) });
    const [hold, left, completed] = [holds.open(), holds.open(), holds.open()];
    for (const { channel } of [hold, left, completed]) one.subscribe(channel);
    await completed.end('z');
    one.unsubscribe(left.channel);
    one.setConnected(false);
    await clock.advance(400);
    expect([hold.state, left.signal.reason.code]).toEqual(['waiting', 'departed']);
    expect(ask(holds, completed, 0)).toMatchObject({ body: 'z', outcome: 'repaired' });
    one.setConnected(true);
    one.subscribe(hold.channel);
    await hold.write('a');
    expect([hold.state, one.published.at(-1)?.channel]).toEqual(['live', hold.channel]);
  });

  it('explains its end when nobody has said anything by then, also to a client that missed it', async () => {
    const { clock, publisher, holds } = setUp({ maxHoldMs: 5_000 });
    const silent = holds.open({ lease: 'id 7' });
    const ended = holds.open({ lease: 'id 8' });
    for (const { channel } of [silent, ended]) publisher.subscribe(channel);
    await silent.write('a');
    ended.onAbort(() => void ended.end('z'));
    await clock.advance(7_000);
    expect(textsOf(publisher, silent)).toEqual(['a', 'expired id 7', 'close']);
    expect(textsOf(publisher, ended)).toEqual(['z', 'close']);
    expect(holds.stats()).toMatchObject({ expired: 1, completed: 1 });
    expect(ask(holds, silent, 1)).toMatchObject({ body: 'expired id 7', outcome: 'repaired' });
  });

  it('explains its end when everything is closed', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open({ lease: 'id 7' });
    publisher.subscribe(hold.channel);
    await holds.close();
    expect(textsOf(publisher, hold)).toEqual(['unknown id 7', 'close']);
  });

  it('ends when the break is longer', async () => {
    const { publisher, holds, clock } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    publisher.setConnected(false);
    await clock.advance(2_000);
    expect(hold.signal.reason.code).toBe('departed');
    expect(holds.stats()).toMatchObject({ open: 0, live: 0, cancelled: 1 });
  });

  it('keeps an item that could not be published, for the link to find', async () => {
    const { publisher, holds } = setUp();
    const hold = holds.open();
    publisher.subscribe(hold.channel);
    const unlisten = publisher.onPublish(() => Promise.reject(new Error('full')));
    await hold.write('a');
    unlisten();
    expect([hold.state, ask(holds, hold, 0).body]).toEqual(['waiting', 'a']);
  });
});

describe('drain with recovery', () => {
  async function end(): Promise<ReturnType<typeof setUp> & { hold: Hold; isDrained: () => boolean }> {
    const made = setUp();
    const hold = made.holds.open();
    made.publisher.subscribe(hold.channel);
    await hold.end('z');
    let drained = false;
    void made.holds.drain({ deadlineMs: 10_000 }).then(() => {
      drained = true;
    });
    return { ...made, hold, isDrained: () => drained };
  }

  it('waits until the clients have got the end, longer than the grace', async () => {
    const { clock, publisher, holds, hold, isDrained } = await end();
    await clock.advance(5_000);
    expect([isDrained(), ask(holds, hold, 0).body]).toEqual([false, 'z']);
    publisher.unsubscribe(hold.channel);
    await settle();
    expect(isDrained()).toBe(true);
  });

  it('does not wait for one that never leaves after its deadline', async () => {
    const { clock, isDrained } = await end();
    await clock.advance(9_999);
    expect(isDrained()).toBe(false);
    await clock.advance(1);
    expect(isDrained()).toBe(true);
  });
});

describe('a next link', () => {
  it('is the same for forty holds, for the proxy to ask together, and for no more', () => {
    const { holds } = setUp();
    const uris = Array.from({ length: 81 }, () => holds.open().instruction.next?.uri);
    expect([uris[0], uris[39], uris[40], uris[79], uris[80]]).toEqual([
      '/.odin/next/r1.0',
      '/.odin/next/r1.0',
      '/.odin/next/r1.1',
      '/.odin/next/r1.1',
      '/.odin/next/r1.2',
    ]);
  });

  it('of an earlier start is explained, after one hint for all streams of that start', async () => {
    const before = setUp();
    const holds = [before.holds.open({ lease: '{"id":7}' }), before.holds.open({ lease: '{"id":8}' })];
    const boot = holds[0]?.instruction.channels[1]?.name ?? '';
    expect(holds[1]?.instruction.channels[1]).toEqual({ name: boot });
    const after = setUp();
    for (const { channel } of holds) after.publisher.subscribe(channel);
    after.publisher.subscribe(boot);
    await settle();
    expect(after.publisher.published).toEqual([{ channel: boot, format: { kind: 'http-stream', action: 'hint' } }]);
    const bodies = holds.map((hold) => ask(after.holds, hold, 3).body);
    expect(bodies).toEqual(['unknown {"id":7}', 'unknown {"id":8}']);
    expect(after.holds.stats()).toMatchObject({ hinted: 1, lost: 2 });
  });

  it('of a hold of this start that came too late gets a hint of its own', async () => {
    const { holds, publisher, clock } = setUp();
    const hold = holds.open({ lease: 'x' });
    hold.answered();
    await clock.advance(2_000);
    publisher.subscribe(hold.channel);
    publisher.subscribe(hold.instruction.channels[1]?.name ?? '');
    await settle();
    expect(publisher.published.map(({ channel }) => channel)).toEqual([hold.channel]);
    expect(ask(holds, hold, 0).body).toBe('unknown x');
  });

  it('of another replica gets no hint, and is asked again elsewhere', () => {
    const other = setUp({ replica: 'r2' });
    const hold = other.holds.open();
    const { holds, publisher } = setUp();
    publisher.subscribe(hold.channel);
    expect(publisher.published).toEqual([]);
    const { owner } = other.holds;
    expect(ask(holds, hold, 0)).toMatchObject({ status: 503, body: '', outcome: 'refused', owner });
  });

  it('of another replica that is certainly gone ends', () => {
    const hold = setUp({ replica: 'r2' }).holds.open({ lease: 'x' });
    const { holds } = setUp();
    const last = formatLast([{ channel: hold.channel, lastId: '0' }]);
    expect(holds.recover({ last, ownerGone: true })).toMatchObject({ status: 200, body: 'gone x', outcome: 'lost' });
    expect(holds.stats().lost).toBe(1);
  });

  it('of a stream that runs here goes on, whatever is said of its owner', () => {
    const { holds } = setUp();
    const last = formatLast([{ channel: holds.open().channel, lastId: '0' }]);
    expect(holds.recover({ last, ownerGone: true })).toMatchObject({ status: 200, body: '', outcome: 'none' });
  });

  it('is void after its time', async () => {
    const { holds, clock } = setUp({ maxHoldMs: 1_000, graceMs: 0 });
    const hold = holds.open({ lease: 'x' });
    await clock.advance(1_000 + 90_000);
    expect(ask(holds, hold, 0).body).toBe('expired x');
  });

  it('reveals nothing to a stranger', () => {
    const { holds } = setUp();
    const hold = holds.open();
    const refused = { status: 404, headers: {}, body: '', outcome: 'refused' };
    const changed = hold.channel.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const moved = hold.channel.replace('.r1.', '.r2.');
    const named = [changed, moved, 'other', `hold.r1.${hold.channel.split('.')[2]}.all`].map(
      (name) => `${name}; last-id=0`,
    );
    for (const last of [null, undefined, '', '"', hold.channel, ...named]) {
      expect(holds.recover({ last })).toEqual(refused);
    }
    const last = `${hold.channel}; last-id=0`;
    expect(setUp({ recovery: undefined as never }).holds.recover({ last })).toEqual(refused);
  });

  it('with a number from elsewhere is a gap', () => {
    const { holds } = setUp();
    for (const lastId of ['x', '5', '-1', '1.5']) expect(ask(holds, holds.open(), lastId).body).toBe('gap ');
  });

  it.each(['next', '//evil/next', 'http://replica', '/next?x=1', 'ftp://x/next'])('cannot lead to %j', (url) => {
    expect(() => setUp({ recovery: { url, sealer, explain } })).toThrow(
      expect.objectContaining({ code: 'bad_option', field: 'recovery.url' }),
    );
  });
});

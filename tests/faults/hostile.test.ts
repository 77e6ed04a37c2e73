import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Publisher, Push } from 'zeromq';
import { findPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';
import { type Chain, startChain } from './chain.ts';

describeWith('Odin behind Pushpin meets', await findPushpin(), () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain();
  });
  afterAll(() => chain?.close());

  it('a stranger who knows the path of the links learns nothing, whatever he makes up', async () => {
    const [stream] = await chain.begin(1, () => chain.call('work', { ms: 600_000 }));
    const [origin] = chain.origins;
    await until(() => origin.reports.some(({ kind }) => kind === 'link'), 5_000);
    const paths = origin.reports.flatMap((report) => (report.kind === 'link' && report.path ? [report.path] : []));
    const forged = { 'grip-last': 'hold.origin-0.boot.token; last-id=0', 'grip-sig': 'x.y.z' };
    const answers = await Promise.all(
      [...new Set([...paths, '/.odin/next/', '/.odin/next/nobody'])].flatMap((path) =>
        [{}, forged].flatMap((headers) =>
          [origin.url, chain.pushpin.url].map(async (base) => {
            const answer = await fetch(`${base}${path}`, { headers, signal: AbortSignal.timeout(2_000) });
            return [answer.status, await answer.text()];
          }),
        ),
      ),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(['404,']));
    expect(stream?.outcome).toBe('open');
    stream?.abort();
  });

  it('a reader who pauses: it misses nothing', async () => {
    const stream = chain.call('events', { count: 300, pauseMs: 0, blockBytes: 10_000 }, { paused: true });
    await delay(2_000);
    stream.resume();
    await stream.end();
    expect(stream.outcome).toBe('completed');
    expect(stream.progress).toEqual(Array.from({ length: 300 }, (_, event) => event + 1));
  });

  it('a reader who stops: bounded memory, and no result after a gap', async () => {
    const [origin] = chain.origins;
    const before = await origin.cost();
    const stream = chain.call('events', { count: 3_000, pauseMs: 0, blockBytes: 10_000 }, { paused: true });
    await delay(4_000);
    const after = await origin.cost();
    expect(after.heapBytes - before.heapBytes).toBeLessThan(10_000_000);
    stream.resume();
    // condure 1.9.1, of Debian's Pushpin 1.36, never writes again to a client whose buffers were full, held or not: then the call is
    // not answered, and not answered wrongly either. With condure 1.10.0 the stream goes on and ends with an error.
    await stream.end(5_000).catch(() => undefined);
    expect(stream.progress).toEqual(stream.progress.map((_, index) => index + 1));
    if (stream.outcome === 'completed') expect(stream.progress.length).toBe(3_000);
    expect(['completed', 'failed', 'open']).toContain(stream.outcome);
    stream.abort();
  });

  it('garbage on every port of the proxy: it is ignored, counted in the log, and disturbs no stream', async () => {
    const { pushpin } = chain;
    const stream = chain.call('events', { count: 40, pauseMs: 50 });
    await stream.has(1);
    const push = new Push({ linger: 0 });
    const publisher = new Publisher({ linger: 0 });
    push.connect(pushpin.pushUrl);
    publisher.connect(pushpin.subscriberUrl);
    const complaints = (): number =>
      pushpin.log().match(/\[WARN\].*\[handler\]|\[handler\].*(?:invalid|skipping)/g)?.length ?? 0;
    const known = complaints();
    for (const frame of GARBAGE) await push.send(frame);
    for (const frame of GARBAGE) await publisher.send([`hold.origin-0.${frame}`, frame]);
    const statuses: number[] = [];
    for (const body of ['', '{', '[]', '{"items":1}', '{"items":[{"channel":1}]}']) {
      statuses.push((await fetch(`${pushpin.publishUrl}/publish/`, { method: 'POST', body })).status);
    }
    expect(statuses.every((status) => status === 400)).toBe(true);
    await until(() => complaints() - known >= GARBAGE.length, 5_000);
    await stream.end();
    expect([stream.outcome, stream.progress.length]).toEqual(['completed', 40]);
    push.close();
    publisher.close();
  });
});

/** Not among them: a tnetstring shorter than it says, of which the handler of Pushpin 1.36 dies. Those ports must stay private. */
const GARBAGE = ['x', 'J', 'J{', 'J[]', 'T3:abc,', 'J{"channel":1}', '\0'.repeat(1_000)];

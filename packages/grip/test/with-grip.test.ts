import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createHolds,
  createInMemoryPublisher,
  createSigVerifier,
  type FetchHandler,
  type HoldInstruction,
  type HoldsOptions,
  parseHoldHeaders,
  type WithGripOptions,
  withGrip,
} from '../src/index.ts';
import { createLeaseSealer } from '../src/node/index.ts';
import { ManualClock, settle } from './holds/manual-clock.ts';

const key = 'a secret that is long enough for HS256';
const secret = new TextEncoder().encode(key);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const sig = await new SignJWT({ exp: 4_000_000_000 }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
const forged = await new SignJWT({ exp: 4_000_000_000 }).setProtectedHeader({ alg: 'HS256' }).sign(encode(`${key}!`));

function sse(
  start: (controller: ReadableStreamDefaultController<Uint8Array>) => unknown,
  headers: HeadersInit = {},
): Response {
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void start(controller) });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } });
}

const three: FetchHandler = () =>
  sse((controller) => {
    for (const text of ['data: 1\n', '\ndata: 2\n\nda', 'ta: 3\n\n']) controller.enqueue(encode(text));
    controller.close();
  });

function setUp(
  handler: FetchHandler,
  options: Partial<WithGripOptions> = {},
  holdsOptions: Partial<HoldsOptions> = {},
) {
  const clock = new ManualClock();
  const publisher = createInMemoryPublisher();
  const { now, monotonic, setTimeout, clearTimeout } = clock;
  const holds = createHolds({ publisher, now, monotonic, setTimeout, clearTimeout, ...holdsOptions });
  const fetch = withGrip(handler, { holds, verifier: createSigVerifier({ keys: [key] }), ...options });
  const send = (init: RequestInit = {}, token: string | undefined = sig): Promise<Response> =>
    fetch(
      new Request('http://origin/', { ...init, headers: { ...(token ? { 'grip-sig': token } : {}), ...init.headers } }),
    );
  return { clock, publisher, holds, send };
}

function holdOf(response: Response): HoldInstruction & { channel: string } {
  const hold = parseHoldHeaders(response.headers);
  return { ...(hold ?? { mode: 'stream', channels: [] }), channel: hold?.channels[0]?.name ?? '' };
}

/** Plays the proxy: reads the answer, subscribes, and gives back what the client sees. */
async function play(
  { publisher }: ReturnType<typeof setUp>,
  response: Response,
): Promise<{ text: () => string; closed: () => boolean }> {
  let text = await response.text();
  let closed = false;
  const { channel } = holdOf(response);
  publisher.onPublish((item) => {
    if (item.channel !== channel) return;
    if ('content' in item.format) text += item.format.content;
    else closed = true;
  });
  publisher.subscribe(channel);
  await settle();
  return { text: () => text, closed: () => closed };
}

describe('withGrip', () => {
  it('(a) is the identity for JSON, errors and requests that did not come through the proxy', async () => {
    const answers = [Response.json({ a: 1 }), new Response('no', { status: 404 }), new Response(null, { status: 202 })];
    for (const answer of answers) expect(await setUp(() => answer).send()).toBe(answer);
    const stream = three(new Request('http://origin/'));
    const { send, holds } = setUp(() => stream);
    expect(await send({}, '')).toBe(stream);
    expect(holds.stats().opened).toBe(0);
  });

  it('(b) gives the client the same bytes in the same order as without a proxy', async () => {
    const set = setUp(three);
    const plain = await (await set.send({}, '')).text();
    const client = await play(set, await set.send());
    expect([client.text(), client.closed()]).toEqual([plain, true]);
  });

  it('(c) publishes nothing before the proxy holds', async () => {
    const set = setUp(three);
    const response = await set.send();
    await response.text();
    await settle();
    expect(set.publisher.published).toEqual([]);
    expect(holdOf(response)).toMatchObject({ mode: 'stream', keepAlive: { data: ':\n\n' } });
  });

  it('(d) cancels the handler when the hold is not seen in time', async () => {
    let signal: AbortSignal | undefined;
    const set = setUp((request) => {
      signal = request.signal;
      return sse(() => undefined);
    });
    await (await set.send()).text();
    await set.clock.advance(2_000);
    expect(signal?.reason.code).toBe('not_ready');
    expect(set.holds.stats().cancelled).toBe(1);
  });

  it('(e) cancels the handler and its stream when the client departs', async () => {
    let signal: AbortSignal | undefined;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    const set = setUp((request) => {
      signal = request.signal;
      return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    });
    const response = await set.send();
    await play(set, response);
    set.publisher.unsubscribe(holdOf(response).channel);
    await settle();
    expect([signal?.reason.code, cancelled]).toEqual(['departed', true]);
  });

  it('(f) publishes the close once, when the stream ends', async () => {
    const set = setUp(three);
    await play(set, await set.send());
    expect(set.publisher.published.filter(({ format }) => 'action' in format)).toHaveLength(1);
    expect(set.holds.stats()).toMatchObject({ completed: 1, open: 0 });
  });

  it('(g) ends the held stream when the producer fails, and reports the error', async () => {
    const errors: unknown[] = [];
    const set = setUp(
      () =>
        sse((controller) => {
          controller.enqueue(encode('data: 1\n\n'));
          setImmediate(() => controller.error(new Error('broken')));
        }),
      { onError: (error) => errors.push(error) },
    );
    const client = await play(set, await set.send());
    await settle();
    expect([client.text(), client.closed(), errors]).toEqual(['data: 1\n\n', true, [new Error('broken')]]);
  });

  it('(h) hands the signal over: from the socket before the answer to the hold after it', async () => {
    const signals: AbortSignal[] = [];
    const set = setUp((request) => {
      signals.push(request.signal);
      return sse(() => undefined);
    });
    const early = new AbortController();
    const answering = set.send({ signal: early.signal });
    early.abort();
    await answering;
    const between = new AbortController();
    await set.send({ signal: between.signal });
    between.abort();
    const late = new AbortController();
    const response = await set.send({ signal: late.signal });
    await response.text();
    late.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  });

  it('(i) drops hop-by-hop and length headers, and keeps the rest', async () => {
    const headers = {
      'content-length': '24',
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      'mcp-session-id': 's',
    };
    const set = setUp(() => sse(() => undefined, headers));
    const response = await set.send();
    for (const name of ['content-length', 'connection', 'transfer-encoding'])
      expect(response.headers.has(name)).toBe(false);
    expect(response.headers.get('mcp-session-id')).toBe('s');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
  });

  it('(j) never trusts Grip-* of a client and lets none of the handler out', async () => {
    const seen: string[][] = [];
    const handler: FetchHandler = (request) => {
      seen.push([...request.headers.keys()]);
      return sse((controller) => controller.close(), {
        'grip-hold': 'stream',
        'grip-channel': 'everybody',
        'x-kept': '1',
      });
    };
    const set = setUp(handler);
    const plain = await set.send({ headers: { 'grip-last': 'a; last-id=1', 'x-own': '1' } }, forged);
    expect([...plain.headers.keys()]).toEqual(['content-type', 'x-kept']);
    const held = await set.send({ headers: { 'grip-feature': 'status' } });
    expect(holdOf(held).channels.map(({ name }) => name)).not.toContain('everybody');
    expect(seen).toEqual([['x-own'], []]);
    const json = await setUp(() => Response.json({}, { headers: { 'grip-hold': 'stream' } })).send();
    expect(json.headers.has('grip-hold')).toBe(false);
  });

  it('(k) stops the handler while the proxy does not take more', async () => {
    let made = 0;
    const set = setUp(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          made += 1;
          controller.enqueue(encode(`data: ${made}\n\n`));
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    });
    const response = await set.send();
    await response.text();
    await settle();
    expect(made).toBeLessThan(10);
    set.publisher.onPublish(() => new Promise(() => undefined));
    set.publisher.subscribe(holdOf(response).channel);
    await settle();
    expect([made < 10, set.publisher.published.length]).toEqual([true, 1]);
  });

  it('(l) drains within its deadline: the signal says so, then the stream is closed', async () => {
    let signal: AbortSignal | undefined;
    const set = setUp((request) => {
      signal = request.signal;
      return sse(() => undefined);
    });
    const client = await play(set, await set.send());
    const drained = set.holds.drain({ deadlineMs: 5_000 });
    await set.clock.advance(6_000);
    await drained;
    expect([signal?.reason.code, client.closed()]).toEqual(['drained', true]);
  });

  it('(m) keeps the pace of one stream, and lets its end through without waiting', async () => {
    const set = setUp(() =>
      sse(async (controller) => {
        for (let event = 0; event < 60; event++) {
          controller.enqueue(encode(`data: ${event}\n\n`));
          await settle();
        }
        controller.close();
      }),
    );
    const client = await play(set, await set.send());
    for (let turn = 0; turn < 200; turn++) await settle();
    expect(set.publisher.published.length).toBe(16);
    await set.clock.advance(300);
    expect(client.closed()).toBe(true);
    expect(client.text()).toContain('data: 59\n\n');
  });

  it('answers as a plain stream when a hold would not work', async () => {
    const big = { method: 'POST', body: 'x', headers: { 'content-length': '95001' } };
    const chunked = { method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit;
    for (const init of [big, chunked, { method: 'HEAD' }]) {
      expect(holdOf(await setUp(three).send(init)).channel).toBe('');
    }
    const full = setUp(three, {}, { maxHolds: 1 });
    expect(holdOf(await full.send()).channel).not.toBe('');
    expect(await (await full.send()).text()).toContain('data: 3');
    const alone = setUp(three);
    alone.publisher.setConnected(false);
    expect(holdOf(await alone.send()).channel).toBe('');
    const compressed = setUp(() => sse((controller) => controller.close(), { 'content-encoding': 'gzip' }));
    expect(holdOf(await compressed.send()).channel).toBe('');
  });
});

describe('withGrip with next links', () => {
  const sealer = createLeaseSealer({ keys: [key] });
  const recovery = { url: '/.grip', sealer, explain: () => 'lost' };

  it('answers the proxy, and no stranger, below their path', async () => {
    const handler: FetchHandler = () => sse((controller) => controller.enqueue(encode('data: 1\n\n')));
    const set = setUp(handler, { linkPath: '/.grip' }, { recovery });
    const held = holdOf(await set.send());
    const link = withGrip(handler, {
      holds: set.holds,
      verifier: createSigVerifier({ keys: [key] }),
      linkPath: '/.grip',
    });
    const ask = (token: string): Promise<Response> => {
      const last = `${held.channel}; last-id=0`;
      return link(new Request(`http://origin${held.next?.uri}`, { headers: { 'grip-sig': token, 'grip-last': last } }));
    };
    set.publisher.subscribe(held.channel);
    await settle();
    const answer = await ask(sig);
    expect([answer.status, await answer.text()]).toEqual([200, 'data: 1\n\n']);
    expect(holdOf(answer).channels[0]).toEqual({ name: held.channel, prevId: '1' });
    expect((await ask(forged)).status).toBe(404);
  });
});

describe('withGrip around a Hono application', () => {
  const app = new Hono();
  app.get('/clock', (context) =>
    streamSSE(context, async (stream) => {
      for (let tick = 1; tick <= 3; tick++) await stream.writeSSE({ data: `tick ${tick}`, id: String(tick) });
    }),
  );
  app.post('/echo', async (context) => context.json(await context.req.json()));

  it('holds its streams', async () => {
    const set = setUp((request) => app.fetch(new Request('http://origin/clock', request)));
    const client = await play(set, await set.send());
    for (let turn = 0; turn < 20; turn++) await settle();
    const plain = await app.request('/clock');
    expect([client.text(), client.closed()]).toEqual([await plain.text(), true]);
  });

  it('leaves its other answers alone', async () => {
    const set = setUp((request) => app.fetch(new Request('http://origin/echo', request)));
    const body = '{"a":1}';
    const response = await set.send({ method: 'POST', body, headers: { 'content-length': String(body.length) } });
    expect([await response.json(), holdOf(response).channel]).toEqual([{ a: 1 }, '']);
  });
});

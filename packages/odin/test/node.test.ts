import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ListeningServer, listen } from '../src/node.ts';
import { createFixture, ENVELOPE, modernRequest, type Recorded, readEvents } from './fixture.ts';

const open: ListeningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close({ deadlineMs: 200 })));
});

async function start(
  options: Parameters<typeof createFixture>[0] = {},
): Promise<Recorded & { server: ListeningServer; url: string }> {
  const fixture = createFixture(options);
  const server = await listen(fixture.odin, { port: 0 });
  open.push(server);
  return { ...fixture, server, url: `${server.url}/mcp` };
}

const send = (url: string, ...args: Parameters<typeof modernRequest>): Promise<Response> =>
  fetch(new Request(url, modernRequest(...args)));

describe('listen', () => {
  it('answers JSON with a length', async () => {
    const { url } = await start();
    const response = await send(url, 'tools/call', { name: 'add', arguments: { a: 1, b: 2 } });
    expect(await response.json()).toMatchObject({ id: 1, result: { structuredContent: { sum: 3 } } });
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });

  it('streams server-sent events', async () => {
    const { url } = await start();
    const response = await send(
      url,
      'tools/call',
      { name: 'steps', arguments: { count: 3 } },
      { meta: { progressToken: 1 } },
    );
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await readEvents(response)).toHaveLength(4);
  });

  it('keeps a silent call open with comments', async () => {
    const { url, odin } = await start({ http: { patienceMs: 5, keepAliveMs: 10 } });
    let finish = (_: string): void => {};
    odin.tool(
      { name: 'silent' },
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    const { body } = await send(url, 'tools/call', { name: 'silent' });
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if ((text.match(/^: keep-alive$/gm)?.length ?? 0) >= 3) finish('done');
    }
    expect(text).toContain('done');
  });

  it('waits once for a slow reader, however many write', async () => {
    const { url, odin } = await start({ http: { patienceMs: 5 } });
    const warnings: string[] = [];
    const warn = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', warn);
    let told = 0;
    odin.tool({ name: 'floods' }, async (context) => {
      await context.progress(0.5);
      for (let step = 1; step <= 40; step += 1)
        void context.progress(step, 40, 'x'.repeat(20_000)).then(() => {
          told += 1;
        });
      return 'done';
    });
    const response = await send(url, 'tools/call', { name: 'floods' }, { meta: { progressToken: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await readEvents(response);
    process.off('warning', warn);
    await expect.poll(() => told).toBe(40);
    expect(warnings).toEqual([]);
  });

  it('answers what runs at the deadline of close, before it cuts connections', async () => {
    const { url, odin, server } = await start({ http: { patienceMs: 5 } });
    odin.tool({ name: 'deaf' }, () => new Promise(() => {}));
    const events = readEvents(await send(url, 'tools/call', { name: 'deaf' }));
    await server.close({ deadlineMs: 20 });
    expect(await events).toMatchObject([{ id: 1, error: { data: { retryable: true } } }]);
  });

  it.each(['while JSON is pending', 'while events are streamed'])(
    'aborts the handler when the client leaves %s',
    async (when) => {
      const { url, ran } = await start({ http: { patienceMs: when === 'while JSON is pending' ? 60_000 : 5 } });
      const abort = new AbortController();
      const answer = send(url, 'tools/call', { name: 'wait' }, { signal: abort.signal });
      await (when === 'while JSON is pending' ? expect.poll(() => ran).toEqual(['wait']) : answer);
      abort.abort();
      await answer.catch(() => {});
      await expect.poll(() => ran).toEqual(['wait', 'wait aborted']);
    },
  );

  it('does not take a disconnect of the old era for a cancel', async () => {
    const { url, ran } = await start({ http: { patienceMs: 60_000 } });
    const abort = new AbortController();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } });
    const answer = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: abort.signal,
    });
    await expect.poll(() => ran).toEqual(['wait']);
    abort.abort();
    await answer.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ran).toEqual(['wait']);
  });

  it('refuses a body by its announced length without reading it, and one that lies by its bytes', async () => {
    const { url, ran } = await start({ http: { maxBodyBytes: 500 } });
    expect((await send(url, 'tools/call', { name: 'add', padding: 'x'.repeat(600) })).status).toBe(413);
    expect(await rawStatus(url, { 'transfer-encoding': 'chunked' }, 'x'.repeat(600))).toBe(413);
    expect(ran).toEqual([]);
  });

  it('closes the connection after a body that is too large, and reads no more of it', async () => {
    const { url } = await start({ http: { maxBodyBytes: 500 } });
    const answer = new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      const head = 'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
      // Neither its end nor the connection's comes from this side.
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n258\r\n${'x'.repeat(600)}\r\n`);
    });
    expect(await answer).toMatch(/^HTTP\/1\.1 413 (?:.|\s)*connection: close/i);
  });

  it('sees both of two Authorization headers', async () => {
    const auth = {
      issuer: 'http://localhost/issuer',
      verifier: {
        peek: () => undefined,
        verify: async () => Promise.reject(new Error('asked')),
      },
    };
    const { url } = await start({ url: 'http://localhost/mcp', auth });
    expect(await rawStatus(url, { authorization: ['Bearer a', 'Bearer b'] }, '{}')).toBe(401);
  });

  it('publishes each exchange on the diagnostics channel, without arguments or results', async () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => void events.push(event);
    subscribe('asgard:exchange', listener);
    const { url } = await start();
    await send(url, 'tools/call', { name: 'sorry' });
    unsubscribe('asgard:exchange', listener);
    expect(events).toEqual([
      {
        method: 'tools/call',
        target: 'sorry',
        era: 'modern',
        status: 200,
        reply: 'json',
        toolError: true,
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('lets running calls finish when it closes', async () => {
    const { url, odin, server, ran } = await start({ http: { patienceMs: 5 } });
    let finish: (() => void) | undefined;
    odin.tool(
      { name: 'long' },
      () =>
        new Promise<string>((resolve) => {
          ran.push('long');
          finish = () => resolve('finished');
        }),
    );
    const answer = send(url, 'tools/call', { name: 'long' });
    await expect.poll(() => ran).toEqual(['long']);
    const closing = server.close({ deadlineMs: 5_000 });
    expect((await send(url, 'tools/list')).status).toBe(503);
    finish?.();
    expect(await (await answer).text()).toContain('finished');
    await closing;
    await expect(send(url, 'tools/list')).rejects.toThrow();
  });
});

function rawStatus(url: string, headers: Record<string, string | string[]>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = {
      'content-type': 'application/json',
      'mcp-protocol-version': ENVELOPE['io.modelcontextprotocol/protocolVersion'],
      ...headers,
    };
    const outgoing = request(url, { method: 'POST', headers: all }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

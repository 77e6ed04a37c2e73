import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OdinServer, type OdinServerOptions, RpcError } from '../../src/index.ts';
import { type AuditEntry, audit, rateLimit, sizeLimit, timeout } from '../../src/middleware.ts';
import { createTestClient, testPrincipal } from '../../src/testing.ts';
import { modernRequest } from '../fixture.ts';

function createServer(options: Partial<OdinServerOptions> = {}): OdinServer {
  const odin = new OdinServer({ name: 'x', version: '1', logger: { error: () => {}, warn: () => {} }, ...options });
  odin.tool({ name: 'echo', input: z.object({ text: z.string() }) }, ({ text }) => text);
  odin.tool({ name: 'never' }, () => new Promise(() => {}));
  odin.tool({ name: 'boom' }, () => {
    throw new Error('secret');
  });
  return odin;
}

describe('use', () => {
  it('wraps every method, the first added outermost, and sees the answer', async () => {
    const seen: string[] = [];
    const odin = createServer().use(
      async (exchange, next) => {
        seen.push(`> ${exchange.method}`);
        const answer = await next();
        seen.push(`< ${answer.kind}`);
        return answer;
      },
      (_, next) => {
        seen.push('inner');
        return next();
      },
    );
    await createTestClient(odin).callTool('echo', { text: 'a' });
    await createTestClient(odin).listTools();
    expect(seen).toEqual(['> tools/call', 'inner', '< result', '> tools/list', 'inner', '< prepared']);
  });

  it('can answer by itself or refuse; what it throws is masked like any other', async () => {
    const refusing = createServer().use(() => {
      throw new RpcError(-32_050, 'not today', { day: 'Tuesday' });
    });
    await expect(createTestClient(refusing).callTool('echo', { text: 'a' })).rejects.toMatchObject({
      rpcCode: -32_050,
      message: 'not today',
      data: { day: 'Tuesday' },
    });
    const failing = createServer().use(() => {
      throw new Error('password');
    });
    await expect(createTestClient(failing).listTools()).rejects.toThrow(/^Internal error\. Reference/);
    const answering = createServer().use(() => ({
      kind: 'result',
      result: { content: [{ type: 'text', text: 'cached' }] },
    }));
    expect(await createTestClient(answering).callTool('echo', { text: 'a' })).toMatchObject({
      content: [{ text: 'cached' }],
    });
  });

  it('does not run a method twice', async () => {
    const odin = createServer().use(async (_, next) => {
      await next();
      return next();
    });
    await expect(createTestClient(odin).listTools()).rejects.toThrow(/^Internal error/);
  });
});

describe('timeout', () => {
  it('ends a handler that never settles, and aborts its signal', async () => {
    const odin = createServer();
    let aborted = false;
    odin.tool({ name: 'watch' }, (context) => {
      context.signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    await expect(createTestClient(odin.use(timeout({ ms: 5 }))).callTool('watch')).rejects.toThrow(
      'Timed out after 5 ms',
    );
    expect(aborted).toBe(true);
    expect(await createTestClient(odin).callTool('echo', { text: 'a' })).toMatchObject({ content: [{ text: 'a' }] });
  });
});

describe('timeout over HTTP', () => {
  it('answers also before the answer was begun', async () => {
    const odin = createServer().use(timeout({ ms: 5 }));
    const response = await odin.fetch(modernRequest('tools/call', { name: 'never' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: 1,
      error: { message: 'Request cancelled: Timed out after 5 ms' },
    });
  });
});

describe('sizeLimit', () => {
  it('limits arguments before the handler and results after it', async () => {
    const client = createTestClient(createServer().use(sizeLimit({ maxArguments: 30, maxResult: 170 })));
    expect(await client.callTool('echo', { text: 'short' })).toMatchObject({ content: [{ text: 'short' }] });
    await expect(client.callTool('echo', { text: 'x'.repeat(50) })).rejects.toThrow('The arguments are larger than 30');
    await expect(client.listTools()).rejects.toThrow('The result of tools/list is larger than 170');
  });
});

describe('rateLimit', () => {
  it('counts per caller and tool', async () => {
    const odin = createServer().use(rateLimit({ points: 2, durationSeconds: 60 }));
    const [freya, loki] = ['freya', 'loki'].map((subject) =>
      createTestClient(odin, { principal: testPrincipal({ subject }) }),
    );
    await freya?.callTool('echo', { text: 'a' });
    await freya?.callTool('echo', { text: 'b' });
    await expect(freya?.callTool('echo', { text: 'c' })).rejects.toMatchObject({
      rpcCode: -32_000,
      data: { retryAfterMs: expect.any(Number) },
    });
    await loki?.callTool('echo', { text: 'a' });
    await freya?.callTool('boom');
    await freya?.listTools();
  });

  it('fails closed when its limiter fails', async () => {
    const limiter = { consume: () => Promise.reject(new Error('redis is away')) };
    const client = createTestClient(createServer().use(rateLimit({ points: 1, durationSeconds: 1, limiter })));
    expect(await client.callTool('echo', { text: 'a' })).toMatchObject({ isError: true });
  });
});

describe('audit', () => {
  it('writes who did what with what outcome, and no contents', async () => {
    const entries: AuditEntry[] = [];
    const odin = createServer().use(audit({ write: (entry) => entries.push(entry), now: () => 0 }));
    const client = createTestClient(odin, { principal: testPrincipal({ subject: 'freya', clientId: 'c' }) });
    await client.callTool('echo', { text: 'secret text' });
    await client.callTool('boom');
    await client.callTool('none').catch(() => {});
    await client.listTools();
    expect(entries.map(({ target, outcome, errorCode }) => [target, outcome, errorCode])).toEqual([
      ['echo', 'ok', undefined],
      ['boom', 'tool_error', undefined],
      ['none', 'error', -32_602],
    ]);
    expect(entries[0]).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      method: 'tools/call',
      target: 'echo',
      issuer: 'https://issuer.test',
      subject: 'freya',
      clientId: 'c',
      outcome: 'ok',
      durationMs: 0,
    });
    expect(JSON.stringify(entries)).not.toContain('secret');
  });
});

describe('options', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('timeout does not take %d ms', (ms) => {
    expect(() => timeout({ ms })).toThrow(/^timeout, option ms/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('rateLimit does not take %d', (bad) => {
    expect(() => rateLimit({ points: bad, durationSeconds: 1 })).toThrow(/^rateLimit, option points/);
    expect(() => rateLimit({ points: 1, durationSeconds: bad })).toThrow(/^rateLimit, option durationSeconds/);
  });

  it('rateLimit keeps no names that no tool has', async () => {
    const keys: string[] = [];
    const limiter = { consume: async (key: string) => void keys.push(key) };
    const odin = createServer().use(rateLimit({ points: 1, durationSeconds: 1, limiter }));
    for (const name of ['echo', 'made-up', 'x'.repeat(100_000), { deep: 'x'.repeat(100_000) }])
      await createTestClient(odin)
        .request('tools/call', { name })
        .catch(() => {});
    expect(keys.map((key) => JSON.parse(key).at(-1))).toEqual(['echo', null, null, null]);
  });
});

describe('progress', () => {
  const report = async (values: readonly number[], options: Partial<OdinServerOptions> = {}): Promise<unknown[]> => {
    const odin = createServer(options);
    odin.tool({ name: 'report' }, async (context) => {
      for (const value of values) await context.progress(value, value);
      if (options.heartbeatMs) await new Promise((resolve) => setTimeout(resolve, 30));
    });
    const heard: unknown[] = [];
    await createTestClient(odin).callTool(
      'report',
      {},
      { onNotification: (_, { progress, total }) => heard.push([progress, total]) },
    );
    return heard;
  };

  it('is a number that increases, whatever a handler says', async () => {
    expect(await report([1, 1, 0, Number.NaN, Number.POSITIVE_INFINITY, 2])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it.each([1e12, -1e12, 2 ** 53])('goes on by heartbeats from %d', async (start) => {
    const heard = (await report([start], { heartbeatMs: 4 })).map((pair) => (pair as number[])[0] ?? Number.NaN);
    expect(heard.length).toBeGreaterThan(2);
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
  });
});

describe('heartbeat', () => {
  it('reports strictly increasing progress while the handler is silent', async () => {
    const odin = createServer({ heartbeatMs: 4 });
    odin.tool({ name: 'slow' }, async (context) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await context.progress(1, 2);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return 'done';
    });
    const reported: number[] = [];
    await createTestClient(odin).callTool(
      'slow',
      {},
      { onNotification: (_, { progress }) => reported.push(Number(progress)) },
    );
    expect(reported.length).toBeGreaterThan(4);
    expect(reported).toContain(1);
    expect(reported).toEqual([...new Set(reported)].sort((a, b) => a - b));
    expect(reported.at(-1)).toBeLessThan(1.001);
  });
});

describe('mount', () => {
  it('takes over tools and prompts with a prefix, resources as they are', async () => {
    const inner = createServer();
    inner.prompt({ name: 'p' }, () => 'hi');
    inner.resource('note://{id}', {}, ({ id }) => id ?? '');
    const client = createTestClient(new OdinServer({ name: 'outer', version: '1' }).mount('inner.', inner));
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['inner.echo', 'inner.never', 'inner.boom']);
    expect(await client.callTool('inner.echo', { text: 'a' })).toMatchObject({ content: [{ text: 'a' }] });
    expect(await client.getPrompt('inner.p')).toMatchObject({ messages: [{ content: { text: 'hi' } }] });
    expect(await client.readResource('note://7')).toMatchObject({ contents: [{ text: '7' }] });
  });

  it('refuses names that no tool can have, and takes nothing when it refuses anything', async () => {
    const outer = createServer();
    expect(() => outer.mount('', createServer())).toThrow(/already a tool named "echo"/);
    const inner = new OdinServer({ name: 'inner', version: '1' });
    inner.tool({ name: 'fine' }, () => 1);
    inner.prompt({ name: 'p' }, () => 'hi');
    expect(() => outer.mount('in ner ', inner)).toThrow(/Tool name "in ner fine"/);
    expect(() => outer.mount('x'.repeat(128), inner)).toThrow(/1 to 128 characters/);
    outer.prompt({ name: 'a.p' }, () => 'mine');
    expect(() => outer.mount('a.', inner)).toThrow(/already a prompt named "a.p"/);
    expect((await createTestClient(outer).listTools()).map(({ name }) => name)).toEqual(['echo', 'never', 'boom']);
  });

  it('refuses to lose the middleware of what it mounts', () => {
    const inner = createServer().use(timeout({ ms: 1 }));
    expect(() => createServer().mount('inner.', inner)).toThrow(/^mount: the mounted server has middleware/);
  });
});

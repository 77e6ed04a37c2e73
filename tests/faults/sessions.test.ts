import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { EventReader, LegacyClient, type LegacyTarget } from '../../packages/odin/test/legacy/client.ts';
import { findFreePorts } from '../real/ports.ts';
import { findRedis, type Redis, startRedis } from '../real/redis.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';
import { McpStream } from './mcp-stream.ts';
import { bundleOrigin, OriginProcess } from './origin-process.ts';

/** A process, as the client by hand wants it. */
function targetOf({ url }: OriginProcess): LegacyTarget {
  return {
    fetch: async (request) => {
      const { method, headers } = request;
      const body = method === 'POST' ? await request.text() : null;
      return fetch(`${url}/mcp`, { method, headers, body });
    },
  };
}

describeWith('two processes that share a Redis', await findRedis(), () => {
  let file: string;
  let redis: Redis;
  let first: OriginProcess;
  let second: OriginProcess;
  let a: LegacyTarget;
  let b: LegacyTarget;

  beforeAll(async () => {
    file = await bundleOrigin(fileURLToPath(new URL('./session-origin.ts', import.meta.url)));
  });
  afterAll(() => rm(file, { force: true }));
  beforeEach(async () => {
    redis = await startRedis();
    const ports = await findFreePorts(2);
    const processes = ports.map(
      (port, index) => new OriginProcess(file, { port, replica: `origin-${index}`, redisUrl: redis.url }),
    );
    await Promise.all(processes.map((origin) => origin.start()));
    [first, second] = processes as [OriginProcess, OriginProcess];
    [a, b] = [targetOf(first), targetOf(second)];
  });
  afterEach(async () => {
    redis.thaw();
    await Promise.all([first, second].map((origin) => origin.stop('SIGTERM')));
    await redis.close();
  });

  /** Something that needs no session, and what it takes. */
  const modern = async ({ url }: OriginProcess): Promise<number> => {
    const start = performance.now();
    const stream = await new McpStream(`${url}/mcp`, 'tools/call', { id: 'modern', params: { name: 'change' } }).end();
    expect(stream.outcome).toBe('completed');
    return performance.now() - start;
  };

  it('200 questions of a client of version 1 whose every request goes to the other process: all are answered', async () => {
    let turn = 0;
    const transport = new StreamableHTTPClientTransport(new URL(`${first.url}/mcp`), {
      fetch: (_url, init) => fetch(`${turn++ % 2 ? second.url : first.url}/mcp`, init),
    });
    const client = new Client({ name: 'v1', version: '1' }, { capabilities: { elicitation: {} } });
    let asked = 0;
    client.setRequestHandler(ElicitRequestSchema, async () => ({
      action: 'accept' as const,
      content: { name: `Ada ${asked++}` },
    }));
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    const waits: number[] = [];
    for (let call = 0; call < 200; call += 1) {
      const start = performance.now();
      const { content } = await client.callTool({ name: 'greet' });
      expect(content).toEqual([{ type: 'text', text: `Hello Ada ${call}` }]);
      waits.push(performance.now() - start);
    }
    waits.sort((x, y) => x - y);
    console.log(`a question and its answer: median ${waits[100]?.toFixed(1)} ms, p99 ${waits[198]?.toFixed(1)} ms`);
    await client.close();
  });

  it('a cancellation reaches the process that runs the call', async () => {
    const client = await new LegacyClient().connect(a);
    const waits: number[] = [];
    for (let id = 1; id <= 20; id += 1) {
      const call = new EventReader(
        await client.request(a, 'tools/call', { name: 'work', arguments: { ms: 60_000 } }, id),
      );
      await call.message();
      const sent = Date.now();
      await client.post(b, { method: 'notifications/cancelled', params: { requestId: id } });
      await until(() => first.times('aborted').has(id));
      waits.push((first.times('aborted').get(id) ?? 0) - sent);
      await call.rest();
    }
    console.log(`a cancellation at the other process -> the signal: at most ${Math.max(...waits)} ms of 20`);
  });

  it('the process of a call is killed: its client comes back to the other one, and gets one error for that call', async () => {
    const client = await new LegacyClient().connect(a);
    const call = new EventReader(await client.request(a, 'tools/call', { name: 'work', arguments: { ms: 60_000 } }, 3));
    const primed = await call.next();
    await call.next();
    await first.stop('SIGKILL');
    const killed = performance.now();
    const again = new EventReader(await client.resume(b, primed?.id ?? ''));
    const rest = await again.rest();
    const messages = rest.flatMap(({ message }) => message ?? []);
    expect(messages).toMatchObject([{ method: 'notifications/message' }, { id: 3, error: { code: -32603 } }]);
    console.log(`killed -> the error: ${((performance.now() - killed) / 1_000).toFixed(1)} s`);
    expect(performance.now() - killed).toBeLessThan(30_000);
    // Nothing comes twice.
    const end = await client.resume(b, rest.at(-1)?.id ?? '');
    expect(end.status).toBe(204);
  });

  it('a running call is followed from the other process, and its result comes there', async () => {
    const client = await new LegacyClient().connect(a);
    const call = new EventReader(await client.request(a, 'tools/call', { name: 'work', arguments: { ms: 1_000 } }, 3));
    const primed = await call.next();
    const again = new EventReader(await client.resume(b, primed?.id ?? ''));
    const messages = (await again.rest()).flatMap(({ message }) => message ?? []);
    expect(messages.at(-1)?.result).toMatchObject({ content: [{ text: 'worked on 3' }] });
    expect((await call.rest()).flatMap(({ message }) => message?.id ?? [])).toEqual([]);
  });

  it('the own stream hears of changes at the other process, moves there, and ends with its session', async () => {
    const client = await new LegacyClient().connect(a);
    const onA = await client.listen(a);
    await client.ask(b, 'tools/call', { name: 'change' });
    expect((await onA.reader.message())?.method).toBe('notifications/tools/list_changed');
    const onB = await client.listen(b);
    await onA.reader.rest();
    await client.ask(a, 'tools/call', { name: 'change' });
    expect((await onB.reader.message())?.method).toBe('notifications/tools/list_changed');
    expect((await client.delete(a)).status).toBe(204);
    await onB.reader.rest();
    expect((await client.request(b, 'ping')).status).toBe(404);
  });

  it.each(['killed', 'frozen'])(
    'Redis %s: what needs none is served, sessions say so, and all comes back',
    async (how) => {
      const client = await new LegacyClient().connect(a);
      const own = await client.listen(a);
      const running = new EventReader(
        await client.request(a, 'tools/call', { name: 'work', arguments: { ms: 2_500 } }, 3),
      );
      await running.message();
      if (how === 'killed') await redis.kill();
      else redis.freeze();
      const start = performance.now();
      const refused = await client.request(b, 'ping');
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(await refused.json()).toMatchObject({ error: { code: -32603 } });
      expect(performance.now() - start).toBeLessThan(5_000);
      await delay(how === 'killed' ? 0 : 2_500);
      // The tool tells the other process of a change, or tries to.
      expect(await modern(second)).toBeLessThan(5_000);
      for (const origin of [first, second]) expect((await fetch(`${origin.url}/.odin/ready`)).status).toBe(200);
      // A call that was running gives its result to the client that waits for it.
      const messages = (await running.rest()).flatMap(({ message }) => message ?? []);
      expect(messages.at(-1)?.result).toMatchObject({ content: [{ text: 'worked on 3' }] });
      if (how === 'killed') await redis.restart();
      else redis.thaw();
      const returned = performance.now();
      await until(async () => (await client.request(b, 'ping')).status === 200, 5_000);
      await until(async () => (await client.request(a, 'ping')).status === 200, 5_000);
      console.log(`Redis is there again -> sessions on both: ${(performance.now() - returned).toFixed()} ms`);
      const heard = own.reader.message();
      await until(async () => {
        await client.ask(b, 'tools/call', { name: 'change' });
        return Promise.race([heard, delay(200)]);
      }, 8_000);
      expect((await heard)?.method).toBe('notifications/tools/list_changed');
    },
  );

  it('Redis longer away than a lease lasts: nobody calls a living process gone', async () => {
    const client = await new LegacyClient().connect(a);
    const call = new EventReader(await client.request(a, 'tools/call', { name: 'work', arguments: { ms: 20_000 } }, 3));
    const primed = await call.next();
    const again = new EventReader(await client.resume(b, primed?.id ?? ''));
    await again.message();
    redis.freeze();
    await delay(11_000);
    redis.thaw();
    const messages = (await again.rest()).flatMap(({ message }) => message ?? []);
    expect(messages.at(-1)?.result).toMatchObject({ content: [{ text: 'worked on 3' }] });
    expect(messages.filter(({ error }) => error)).toEqual([]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OdinServer } from '@asgard/odin';
import { type ListeningServer, listen } from '@asgard/odin/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { Answer, CallEvent, WatchEvent } from '../../src/console/mcp-client.ts';
import { createSdkClient } from '../../src/console/sdk-client.ts';

const odin = new OdinServer({ name: 'forge', version: '1.0.0' });
let started: (() => void) | undefined;
let aborted: Promise<void> | undefined;

odin.tool(
  {
    name: 'forge',
    description: 'Forge',
    input: z.object({ item: z.string() }),
    output: z.object({ item: z.string() }),
  },
  async ({ item }, ctx) => {
    await ctx.progress(1, 2, 'heat');
    await ctx.log.info({ hot: true });
    return { item };
  },
);
odin.tool({ name: 'ask' }, async (ctx) => {
  const answer = await ctx.elicit('sure', { message: 'Sure?', schema: z.object({ yes: z.boolean() }) });
  return answer.action === 'accept' ? `yes: ${answer.content.yes}` : answer.action;
});
odin.tool({ name: 'long' }, async (ctx) => {
  aborted = new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true }));
  started?.();
  await aborted;
  return 'never';
});
odin.resource('shelf://{item}', { description: 'A shelf' }, ({ item }) => ({ item }));

odin.prompt({ name: 'order', args: z.object({ item: z.string() }) }, ({ item }) => `Order ${item}`);

let server: ListeningServer;
beforeAll(async () => {
  server = await listen(odin, { port: 0 });
});
afterAll(() => server.close());

const signal = new AbortController().signal;
const client = () => createSdkClient({ url: `${server.url}/mcp`, version: '1', token: async () => 'token' });

async function call(tool: string, args: Record<string, unknown>, answer: Answer = { action: 'cancel' }) {
  const events: CallEvent[] = [];
  const ask = async (): Promise<Answer> => answer;
  await client().callTool({ tool, args, signal, ask, onEvent: (event) => events.push(event) });
  return { events, told: events.filter(({ type }) => type !== 'message') };
}

test('lists tools with their schemas, and resources with their templates', async () => {
  const tools = await client().listTools(signal);
  expect(tools).toMatchObject([
    { name: 'forge', inputSchema: { required: ['item'] } },
    { name: 'ask' },
    { name: 'long' },
  ]);
  expect(await client().listResources(signal)).toMatchObject([{ uri: 'shelf://{item}', template: true }]);
});

test('a call tells progress, logs and its result, and the messages behind them', async () => {
  const { told, events } = await call('forge', { item: 'axe' });
  expect(told).toMatchObject([
    { type: 'progress', progress: 1, total: 2, message: 'heat' },
    { type: 'log', level: 'info', data: { hot: true } },
    { type: 'result', result: { structuredContent: { item: 'axe' } } },
  ]);
  const messages = events.filter((event) => event.type === 'message');
  expect(messages.map(({ direction }) => direction)).toEqual(['sent', 'received', 'received', 'received']);
  expect(messages[0]?.message).toMatchObject({ method: 'tools/call', params: { name: 'forge' } });
  expect(JSON.stringify(events)).not.toContain('Bearer');
});

test('a question is asked and its answer goes back', async () => {
  expect((await call('ask', {}, { action: 'accept', content: { yes: true } })).told).toMatchObject([
    { type: 'result', result: { content: [{ text: 'yes: true' }] } },
  ]);
  expect((await call('ask', {}, { action: 'decline' })).told).toMatchObject([
    { type: 'result', result: { content: [{ text: 'decline' }] } },
  ]);
});

test('cancelling stops the work at the server', async () => {
  const controller = new AbortController();
  started = () => controller.abort();
  const events: CallEvent[] = [];
  const ask = async (): Promise<Answer> => ({ action: 'cancel' });
  const { signal: leaving } = controller;
  await client().callTool({ tool: 'long', args: {}, signal: leaving, ask, onEvent: (event) => events.push(event) });
  expect(events.at(-1)).toEqual({ type: 'failed', message: 'Cancelled.' });
  await aborted;
});

test('what cannot be called is said', async () => {
  expect((await call('forge', {})).told).toMatchObject([{ type: 'result', result: { isError: true } }]);
  expect((await call('nothing', {})).told).toMatchObject([
    { type: 'failed', message: expect.stringContaining('nothing') },
  ]);
  const nobody = createSdkClient({ url: 'http://127.0.0.1:9/mcp', version: '1', token: async () => 'token' });
  await expect(nobody.listTools(signal)).rejects.toThrow();
});

test('what a gateway says in place of the server is said without the JSON around it', async () => {
  const gateway = createServer((_, response) => {
    response.writeHead(502, { 'content-type': 'application/json' }).end('{"message":"An invalid response"}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const { port } = gateway.address() as AddressInfo;
  const refused = createSdkClient({ url: `http://127.0.0.1:${port}/mcp`, version: '1', token: async () => 'token' });
  const said = 'An invalid response (502). The server does not run: the activity and the terminal say why.';
  const told: CallEvent[] = [];
  try {
    await expect(refused.listTools(signal)).rejects.toThrow(said);
    const ask = async (): Promise<Answer> => ({ action: 'cancel' });
    await refused.callTool({ tool: 'forge', args: {}, signal, ask, onEvent: (event) => told.push(event) });
  } finally {
    gateway.close();
  }
  expect(told).toEqual([{ type: 'failed', message: said }]);
});

test('a prompt is listed with its arguments, and filled in', async () => {
  expect(await client().listPrompts(signal)).toMatchObject([
    { name: 'order', arguments: [{ name: 'item', required: true }] },
  ]);
  expect(await client().getPrompt('order', { item: 'axe' }, signal)).toMatchObject({
    messages: [{ role: 'user', content: { text: 'Order axe' } }],
  });
});

test('a resource is read, and watched until the page leaves', async () => {
  expect(await client().readResource('shelf://axe', signal)).toMatchObject({ contents: [{ uri: 'shelf://axe' }] });
  const controller = new AbortController();
  const events: WatchEvent[] = [];
  await client().watchResource({
    ...{ uri: 'shelf://axe', signal: controller.signal },
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'watching') void odin.notify.resourceUpdated('shelf://axe');
      else controller.abort();
    },
  });
  expect(events).toEqual([{ type: 'watching' }, { type: 'changed', uri: 'shelf://axe' }]);
});

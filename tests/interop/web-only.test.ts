import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { modern } from '../differential/request.ts';

/** What every web-standard runtime has, and nothing of Node. */
const WEB = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'ByteLengthQueuingStrategy',
  'DOMException',
  'Event',
  'EventTarget',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextDecoderStream',
  'TextEncoder',
  'TransformStream',
  'URL',
  'URLSearchParams',
  'WritableStream',
  'atob',
  'btoa',
  'clearInterval',
  'clearTimeout',
  'crypto',
  'fetch',
  'performance',
  'queueMicrotask',
  'setInterval',
  'setTimeout',
  'structuredClone',
] as const;

const SERVER = `
  import { OdinServer } from '@asgard/odin';
  import { rateLimit, timeout } from '@asgard/odin/middleware';
  import * as z from 'zod';
  const odin = new OdinServer({ name: 'worker', version: '1', logger: { error() {}, warn() {} } });
  odin.use(timeout({ ms: 10_000 }), rateLimit({ points: 100, durationSeconds: 1 }));
  odin.tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }, ctx) => {
    await ctx.progress(1, 1);
    return a + b;
  });
  odin.tool({ name: 'ask' }, async (ctx) =>
    (await ctx.elicit('name', { message: 'Name?', schema: z.object({ name: z.string() }) })).action);
  odin.resource('note://{id}', {}, ({ id }) => new TextEncoder().encode(id));
  globalThis.handle = odin.fetch;
`;

type Handle = (request: Request) => Promise<Response>;

describe('odin.fetch where there is nothing but web standards', () => {
  let handle: Handle;
  beforeAll(async () => {
    const bundle = await build({
      stdin: { contents: SERVER, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'neutral',
      target: 'es2022',
      mainFields: ['module', 'main'],
      conditions: ['@asgard/source', 'workerd', 'worker', 'import'],
      logLevel: 'silent',
    });
    const globals = Object.fromEntries(WEB.map((name) => [name, globalThis[name]]));
    const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
    runInContext(bundle.outputFiles[0]?.text ?? '', context);
    handle = (context as { handle: Handle }).handle;
  }, 30_000);

  const send = async (method: string, params: Record<string, unknown>, meta: Record<string, unknown> = {}) => {
    const { headers, body = '' } = modern('x', method, params, { meta });
    const response = await handle(
      new Request('http://localhost/mcp', { method: 'POST', headers: { ...headers }, body }),
    );
    return { status: response.status, text: await response.text() };
  };

  test('calls, streams, asks and reads', async () => {
    const call = { name: 'add', arguments: { a: 1, b: 2 } };
    expect(await send('tools/call', call)).toMatchObject({ status: 200, text: expect.stringContaining('"text":"3"') });
    const streamed = await send('tools/call', call, { progressToken: 1 });
    expect(streamed.text).toMatch(/^event: message\ndata: .*notifications\/progress[\s\S]*"text":"3"/);
    const capabilities = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
    const asked = await send('tools/call', { name: 'ask', arguments: {} }, capabilities);
    expect(JSON.parse(asked.text)).toMatchObject({ result: { resultType: 'input_required' } });
    expect(await send('resources/read', { uri: 'note://7' })).toMatchObject({
      text: expect.stringContaining('"blob":"Nw=="'),
    });
    expect(await send('server/discover', {})).toMatchObject({ status: 200 });
  });
});

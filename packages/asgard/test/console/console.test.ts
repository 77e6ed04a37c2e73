import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Console, startConsole } from '../../src/console/console.ts';
import { createFeed } from '../../src/console/feed.ts';
import type { Answer, McpClient, ToolCall } from '../../src/console/mcp-client.ts';
import { createEventParser } from '../../src/console/page/events.ts';
import { STACK } from '../memory-io.ts';
import { createFakeClient } from './fake-client.ts';

const open: Console[] = [];
afterEach(async () => {
  for (const page of open.splice(0)) await page.close();
});

async function start(client: Partial<McpClient> = {}, port = 0) {
  const feed = createFeed(() => 1000);
  const page = await startConsole({
    ...{ feed, port, version: '1', name: 'forge', stack: STACK },
    signIn: async () => 'token',
    createClient: () => createFakeClient(client),
  });
  open.push(page);
  const html = await (await fetch(page.url)).text();
  const token = /name="asgard-console" content="([\w-]{43})"/.exec(html)?.[1] ?? '';
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, page.url), { ...init, headers: { 'x-asgard-console': token, ...init.headers } });
  const post = (path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
    ask(path, {
      ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      ...(signal !== undefined && { signal }),
    });
  return { page, feed, token, ask, post };
}

async function* events(response: Response): AsyncGenerator<unknown> {
  const parse = createEventParser();
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) yield* parse(decoder.decode(chunk as Uint8Array, { stream: true }));
}

test('the page comes with a policy that lets nothing else in, and a token of this start', async () => {
  const { page, token } = await start();
  const { headers } = await fetch(page.url);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
  expect(headers.get('cache-control')).toBe('no-store');
  expect(token).toHaveLength(43);
  expect((await start()).token).not.toBe(token);
  expect((await fetch(new URL('/page.js', page.url))).headers.get('content-type')).toContain('text/javascript');
  for (const path of ['/bin.js', '/..%2fbin.js', '/constructor', '/api']) {
    expect((await fetch(new URL(path, page.url))).status).toBe(404);
  }
});

test('a taken port gives way to the next one', async () => {
  const { page } = await start();
  const port = Number(new URL(page.url).port);
  const second = await start({}, port);
  expect(Number(new URL(second.page.url).port)).not.toBe(port);
});

test.each([
  ['no token', { 'x-asgard-console': '' }, 'stale'],
  ['another origin', { origin: 'https://evil.example' }, 'origin'],
  ['another site', { 'sec-fetch-site': 'cross-site' }, 'origin'],
])('%s is refused everywhere behind the page', async (_, headers, code) => {
  const { ask } = await start();
  const ways: [string, string][] = [
    ['GET', '/api/info'],
    ['GET', '/api/feed'],
    ['GET', '/api/tools?user=freya'],
    ['GET', '/api/resources?user=freya'],
    ['GET', '/api/prompts?user=freya'],
    ['POST', '/api/prompts'],
    ['POST', '/api/reads'],
    ['POST', '/api/watches'],
    ['POST', '/api/calls'],
    ['POST', '/api/answers'],
  ];
  for (const [method, path] of ways) {
    const response = await ask(path, { method, headers });
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code } }]);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('a foreign host name gets nothing, not even the page', async () => {
  const { page } = await start();
  const port = Number(new URL(page.url).port);
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () =>
      socket.write(`GET / HTTP/1.1\r\nHost: rebound.example:${port}\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).not.toContain('asgard-console');
});

test('tells of the project, without passwords', async () => {
  const { ask } = await start();
  const text = await (await ask('/api/info')).text();
  expect(JSON.parse(text)).toMatchObject({ name: 'forge', mcpUrl: STACK.mcpUrl, users: [{ username: 'freya' }, {}] });
  expect(text).not.toContain('cats');
});

test('who comes late gets the state, then every entry', async () => {
  const { ask, feed } = await start();
  feed.development({ kind: 'listening', durationMs: 1, restart: false });
  const stream = events(await ask('/api/feed'));
  expect((await stream.next()).value).toMatchObject({ state: { server: 'running', entries: [{ seq: 1 }] } });
  feed.development({ kind: 'output', stream: 'stdout', text: '\n\ndata: {"forged":1}\n\n' });
  expect((await stream.next()).value).toMatchObject({ entry: { seq: 2, text: '\n\ndata: {"forged":1}\n\n' } });
});

test('lists tools for a user, and says why it cannot', async () => {
  const { ask } = await start({ listTools: async () => [{ name: 'stock', inputSchema: {} }] });
  expect(await (await ask('/api/tools?user=freya')).json()).toEqual({ tools: [{ name: 'stock', inputSchema: {} }] });
  expect((await ask('/api/tools?user=nobody')).status).toBe(404);
  const failing = await start({ listTools: () => Promise.reject(new Error('Nothing answers.')) });
  const response = await failing.ask('/api/tools?user=freya');
  expect([response.status, await response.json()]).toMatchObject([502, { error: { message: 'Nothing answers.' } }]);
});

test('lists and reads resources for a user', async () => {
  const resource = { name: 'shelf', uri: 'shelf://{item}', template: true };
  const { ask, post } = await start({
    listResources: async () => [resource],
    readResource: async (uri) => ({ contents: [{ uri, text: 'x' }] }),
  });
  expect(await (await ask('/api/resources?user=freya')).json()).toEqual({ resources: [resource] });
  const read = await post('/api/reads', { user: 'freya', uri: 'shelf://axe' });
  expect(await read.json()).toEqual({ contents: [{ uri: 'shelf://axe', text: 'x' }] });
  expect((await post('/api/reads', { user: 'nobody', uri: 'shelf://axe' })).status).toBe(404);
});

test('lists prompts and fills them in, with arguments as texts', async () => {
  const prompt = { name: 'order', arguments: [{ name: 'item', required: true }] };
  const { ask, post } = await start({
    listPrompts: async () => [prompt],
    getPrompt: async (name, args) => ({ name, args }),
  });
  expect(await (await ask('/api/prompts?user=freya')).json()).toEqual({ prompts: [prompt] });
  const filled = await post('/api/prompts', { user: 'freya', prompt: 'order', args: { item: 'axe', count: 2 } });
  expect(await filled.json()).toEqual({ name: 'order', args: { item: 'axe', count: '2' } });
});

test('a watch tells of changes until the page goes away', async () => {
  let gone: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const { post } = await start({
    watchResource: async ({ uri, signal, onEvent }) => {
      onEvent({ type: 'watching' });
      onEvent({ type: 'changed', uri });
      signal.addEventListener('abort', () => gone?.());
      await ended;
    },
  });
  const leaving = new AbortController();
  const stream = events(await post('/api/watches', { user: 'freya', uri: 'x://1' }, leaving.signal));
  expect((await stream.next()).value).toEqual({ type: 'watching' });
  expect((await stream.next()).value).toEqual({ type: 'changed', uri: 'x://1' });
  leaving.abort();
  await ended;
  expect((await post('/api/watches', { user: 'freya' })).status).toBe(400);
});

test('a call tells its steps, asks its question and ends with its result', async () => {
  const callTool = async ({ tool, args, signal, onEvent, ask }: ToolCall): Promise<void> => {
    onEvent({ type: 'progress', progress: 1 });
    const { action, content } = await ask({ message: 'Sure?' }, signal);
    onEvent({ type: 'result', result: { tool, args, action, content } });
  };
  const { post } = await start({ callTool });
  const seen: unknown[] = [];
  for await (const event of events(await post('/api/calls', { user: 'freya', tool: 'stock', args: { a: 1 } }))) {
    seen.push(event);
    const { questionId } = event as { questionId?: string };
    if (questionId === undefined) continue;
    expect((await post('/api/answers', { questionId, action: 'accept', content: { yes: true } })).status).toBe(200);
    expect((await post('/api/answers', { questionId, action: 'decline' })).status).toBe(404);
  }
  expect(seen).toMatchObject([
    { type: 'started' },
    { type: 'progress', progress: 1 },
    { type: 'question', params: { message: 'Sure?' } },
    { type: 'result', result: { tool: 'stock', args: { a: 1 }, action: 'accept', content: { yes: true } } },
  ]);
});

test('a page that goes away ends its call, and takes back its question', async () => {
  let answered: ((answer: Answer) => void) | undefined;
  const answer = new Promise<Answer>((resolve) => {
    answered = resolve;
  });
  const { post } = await start({
    callTool: async ({ signal, ask }) => answered?.(await ask({}, signal)),
  });
  const leaving = new AbortController();
  const stream = events(await post('/api/calls', { user: 'freya', tool: 'stock', args: {} }, leaving.signal));
  await stream.next();
  leaving.abort();
  expect(await answer).toEqual({ action: 'cancel' });
});

test.each([
  ['an unknown user', { user: 'nobody', tool: 'stock', args: {} }],
  ['no tool', { user: 'freya', args: {} }],
  ['arguments that are a list', { user: 'freya', tool: 'stock', args: [] }],
  ['a body that is too large', { user: 'freya', tool: 'stock', args: { text: 'x'.repeat(1_100_000) } }],
])('%s is refused', async (_, body) => {
  const { post } = await start();
  expect((await post('/api/calls', body)).status).toBe(400);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevEvent, type DevSession, type Stack, startDevSession } from 'asgard';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** `asgard dev` around a server of plain node:http: what it does with the process, apart from MCP. */
let directory: string;
let session: DevSession | undefined;
let events: DevEvent[];
let waiting: { fits: (event: DevEvent) => boolean; resolve: (event: DevEvent) => void } | undefined;
let stackClosed: boolean;

const SERVER = `import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { TEXT } from './text.ts';

createServer((request, response) => {
  if (request.url === '/hang') return;
  if (request.url === '/throw') setImmediate(() => crash());
  channel('asgard:exchange').publish({ method: 'get', target: request.url, status: 200, durationMs: 1, reply: 'json' });
  response.end(TEXT + process.env.EXTRA);
}).listen(Number(process.env.PORT), process.env.HOST);

function crash(): void {
  throw new TypeError('the anvil broke');
}
`;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'asgard-dev-'));
  events = [];
  waiting = undefined;
  stackClosed = false;
  write('package.json', '{"type":"module"}');
  write('main.ts', SERVER);
  write('text.ts', "export const TEXT = 'one';\n");
});
afterEach(async () => {
  await session?.close();
  session = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

async function start(): Promise<DevSession> {
  const stack: Stack = {
    url: 'http://localhost:1',
    mcpUrl: 'http://localhost:1/mcp',
    issuer: 'http://localhost:1/issuer',
    environment: { EXTRA: '!' },
    users: [],
    close: async () => {
      stackClosed = true;
    },
  };
  session = await startDevSession({
    directory,
    entry: 'main.ts',
    port: 0,
    env: process.env,
    startStack: async () => stack,
    graceMs: 500,
    silenceMs: 300,
    onEvent: (event) => {
      events.push(event);
      if (waiting?.fits(event) === true) waiting.resolve(event);
    },
  });
  return session;
}

function until<K extends DevEvent['kind']>(kind: K): Promise<Extract<DevEvent, { kind: K }>> {
  const from = events.length;
  return new Promise((resolve) => {
    const fits = (event: DevEvent): boolean => event.kind === kind;
    waiting = { fits, resolve: (event) => resolve(event as Extract<DevEvent, { kind: K }>) };
    const known = events.slice(from).find(fits);
    if (known !== undefined) waiting.resolve(known);
  });
}

async function get(path = '/'): Promise<string> {
  const response = await fetch(new URL(path, session?.serverUrl));
  return response.text();
}

test('runs the server in its environment and reloads it on change', async () => {
  const listening = until('listening');
  await start();
  expect(await listening).toMatchObject({ restart: false });
  expect(await get()).toBe('one!');
  const again = until('listening');
  write('text.ts', "export const TEXT = 'two';\n");
  const { restart, durationMs } = await again;
  expect(restart).toBe(true);
  expect(durationMs).toBeLessThan(10_000);
  expect(await get()).toBe('two!');
});

test('passes on exchanges and counts requests that wait', async () => {
  const listening = until('listening');
  const { measure, serverUrl } = await start();
  await listening;
  const exchange = until('exchange');
  await get('/a');
  expect(await exchange).toMatchObject({ exchange: { method: 'get', target: '/a', reply: 'json' } });
  expect(await measure()).toBe(0);
  const abort = new AbortController();
  const hanging = fetch(new URL('/hang', serverUrl), { signal: abort.signal }).catch(() => undefined);
  while ((await measure()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await measure()).toBe(1);
  abort.abort();
  await hanging;
});

test('a crash shows the place in the source, and the next change starts the server again', async () => {
  const listening = until('listening');
  await start();
  await listening;
  const crashed = until('crashed');
  await get('/throw').catch(() => undefined);
  expect(await crashed).toMatchObject({ exitCode: 1 });
  const printed = events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('');
  expect(printed).toBe(
    'TypeError: the anvil broke\n    at crash (main.ts:13:9)\n    at Immediate.<anonymous> (main.ts:7:52)\n',
  );
  const again = until('listening');
  write('text.ts', "export const TEXT = 'one';\n");
  await again;
  expect(await get()).toBe('one!');
});

test('code that does not build leaves the last good server running', async () => {
  const listening = until('listening');
  await start();
  await listening;
  const failed = until('build-failed');
  write('text.ts', 'export const TEXT = ;\n');
  expect((await failed).message).toContain('text.ts:1:20');
  expect(await get()).toBe('one!');
  const again = until('listening');
  write('text.ts', "export const TEXT = 'three';\n");
  await again;
  expect(await get()).toBe('three!');
});

test('a server that throws at once is reported and repaired by a change', async () => {
  write('text.ts', "export const TEXT = 'one';\nthrow new Error('no fire');\n");
  const crashed = until('crashed');
  await start();
  await crashed;
  const listening = until('listening');
  write('text.ts', "export const TEXT = 'one';\n");
  await listening;
  expect(await get()).toBe('one!');
});

test('a server that does not listen where it should is mentioned, and a change gets it going', async () => {
  const main = SERVER.replace('process.env.PORT', '0');
  write('main.ts', main);
  const silent = until('silent');
  const { serverUrl } = await start();
  expect((await silent).port).toBe(Number(new URL(serverUrl).port));
  const listening = until('listening');
  write('main.ts', SERVER);
  await listening;
  expect(await get()).toBe('one!');
});

test('closing ends every process, even one that does not want to end', async () => {
  write('text.ts', "export const TEXT = 'one';\nprocess.on('SIGTERM', () => {});\nconsole.log(process.pid);\n");
  const listening = until('listening');
  const { close } = await start();
  await listening;
  const pid = Number(events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join(''));
  expect(pid).toBeGreaterThan(0);
  await close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(stackClosed).toBe(true);
  session = undefined;
});

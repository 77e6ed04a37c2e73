import { connect } from 'node:net';
import { startBifrost } from '@asgard/devstack';
import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import { createTestClient } from '@asgard/odin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { composeFile } from '../../../packages/asgard/src/infra/compose/compose.ts';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { exampleSettings } from './settings.ts';

/** Rules as they are rendered: to the gateway as routes, to Odin by the environment of its container. No clothes for a call get past both. */
const settings = exampleSettings({ tools: { 'admin_*': { deny: true }, search: { perMinute: 3 } } });
const { ASGARD_TOOL_RULES } = composeFile(settings).services.odin?.environment ?? {};

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'loki', version: '1' },
};

const ran: string[] = [];
let at = Date.UTC(2030, 0, 1);
const urls = { direct: '', gateway: '' };
const closers: (() => Promise<void>)[] = [];

function createServer(): OdinServer {
  const environment = fromEnvironment({ ASGARD_AUTH: 'none', ASGARD_TOOL_RULES });
  const odin = new OdinServer({ name: 'rules', version: '1', now: () => at, ...environment });
  for (const name of ['admin_drop', 'search', 'echo']) {
    odin.tool({ name, input: z.object({}) }, () => {
      ran.push(name);
      return name;
    });
  }
  return odin;
}

beforeAll(async () => {
  const listening = await listen(createServer(), { port: 0, host: '127.0.0.1' });
  const places = { odin: listening.url, hermod: listening.url, heimdall: listening.url };
  // The gateway counts by its own clock, so that what is refused in the tests of limits is refused by Odin.
  let minute = 0;
  const bifrost = await startBifrost({
    routes: toGatewayRoutes(infraRoutes(settings), places, settings),
    wallClock: () => (minute += 60_000),
  });
  closers.push(bifrost.close, listening.close);
  urls.direct = listening.url;
  urls.gateway = bifrost.url;
});
afterAll(async () => {
  for (const close of closers) await close();
});
beforeEach(() => {
  ran.length = 0;
  at += 60_000;
});

interface Sent {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const modern = (name: string, headers: Readonly<Record<string, string>>): Sent => ({
  headers: Object.entries({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', ...headers }),
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, _meta: META } }),
});
const legacy = (name: string, headers: Readonly<Record<string, string>> = {}): Sent => ({
  headers: Object.entries(headers),
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
});
const base64 = (name: string): string => `=?base64?${Buffer.from(name).toString('base64')}?=`;

/** Byte by byte, one byte a letter: a client library would refuse or tidy some of these headers. */
function send(url: string, { headers, body }: Sent): Promise<{ status: number; text: string }> {
  const { host, hostname, port } = new URL(url);
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: ${host}`,
    'Connection: close',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve({ status: Number(text.split(' ')[1]), text }));
    socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  });
}

const clothes: readonly (readonly [string, Sent])[] = [
  ['its plain name', modern('admin_drop', { 'mcp-name': 'admin_drop' })],
  ['a name in Base64', modern('admin_drop', { 'mcp-name': base64('admin_drop') })],
  [
    'a name in Base64 that is said in capitals',
    modern('admin_drop', { 'mcp-name': base64('admin_drop').replace('base64', 'BASE64') }),
  ],
  ['U+00A0 before the name', modern('admin_drop', { 'mcp-name': '\u00a0admin_drop' })],
  ['U+00A0 after the name', modern('admin_drop', { 'mcp-name': 'admin_drop\u00a0' })],
  ['U+000B before the name', modern('admin_drop', { 'mcp-name': '\u000badmin_drop' })],
  ['a tab before the name', modern('admin_drop', { 'mcp-name': '\tadmin_drop' })],
  ['the name of another tool', modern('admin_drop', { 'mcp-name': 'echo' })],
  ['no name in a header', modern('admin_drop', {})],
  ['the method of another request', modern('admin_drop', { 'mcp-method': 'tools/list', 'mcp-name': 'admin_drop' })],
  ['an older revision, without headers', legacy('admin_drop', { 'mcp-protocol-version': '2025-11-25' })],
  ['an older revision that is not said', legacy('admin_drop')],
  [
    'an older revision, with the headers of another call',
    legacy('admin_drop', { 'mcp-method': 'tools/call', 'mcp-name': 'echo' }),
  ],
  ['other letters of the same name', modern('ADMIN_drop', { 'mcp-name': 'ADMIN_drop' })],
];

describe.each(['direct', 'gateway'] as const)('a denied tool, %s', (way) => {
  test.each(clothes)('does not run for a call with %s', async (_, sent) => {
    const { status, text } = await send(urls[way], sent);
    // A control character is refused by the parser of HTTP, in words of its own.
    expect(text.includes('"error":{"code":-') || status === 400, text).toBe(true);
    expect(ran).toEqual([]);
  });

  test('says what is wrong, also to clients of older revisions', async () => {
    const { text } = await send(urls[way], legacy('admin_drop'));
    expect(text).toContain('Forbidden: a rule of this server lets nobody call this tool');
  });

  test('does not keep other tools from running', async () => {
    expect((await send(urls[way], modern('echo', { 'mcp-name': 'echo' }))).status).toBe(200);
    expect((await send(urls[way], legacy('echo'))).status).toBe(200);
    expect(ran).toEqual(['echo', 'echo']);
  });
});

test('the gateway refuses by itself what hides its name', async () => {
  const statuses = [];
  for (const name of [base64('echo'), '\u00a0echo', 'echo echo']) {
    statuses.push((await send(urls.gateway, modern('echo', { 'mcp-name': name }))).status);
  }
  const unsaid = await send(urls.gateway, modern('echo', {}));
  expect([...statuses, unsaid.status]).toEqual([403, 403, 403, 400]);
  expect(unsaid.text).toContain('needs the header Mcp-Method');
});

describe.each(['direct', 'gateway'] as const)('a limited tool, %s', (way) => {
  test('runs so many times a minute, in whatever clothes', async () => {
    const calls = [modern('search', { 'mcp-name': 'search' }), legacy('search'), legacy('search'), legacy('search')];
    const answers = [];
    for (const call of calls) answers.push(await send(urls[way], call));
    expect(ran).toEqual(['search', 'search', 'search']);
    expect(answers[3]?.text).toContain('Too many calls of this tool');
    expect(answers[3]?.text).toContain('retryAfterMs');
    at += 60_000;
    await send(urls[way], legacy('search'));
    expect(ran).toHaveLength(4);
  });
});

test.each(['modern', 'legacy'] as const)('a denied tool is not listed (%s)', async (era) => {
  const client = createTestClient(createServer(), { era });
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['search', 'echo']);
});

test('a settings file without rules tells the server of none', () => {
  expect(
    composeFile(exampleSettings({ tools: { forge: { hold: true } } })).services.odin?.environment,
  ).not.toHaveProperty('ASGARD_TOOL_RULES');
});

import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPython, installPython } from '../real/python-folder.ts';
import { describeWith } from '../real/requirement.ts';
import { hasTools, installTools } from '../real/tool-folder.ts';
import { startHeld, startHttp, type Target } from './targets.ts';

const run = promisify(execFile);
const scripts = join(dirname(fileURLToPath(import.meta.url)), 'others');
const FASTMCP = ['fastmcp==4.1.2'];
const MCP_USE = { 'mcp-use': '1.34.6' };

interface Client {
  readonly name: string;
  /** The command that walks the server at a URL and prints what it saw. */
  prepare(): Promise<readonly string[]>;
  readonly args: readonly string[];
  /** What only this client says. */
  readonly says: object;
}

async function fastMcp(): Promise<readonly string[]> {
  return [await installPython('fastmcp', FASTMCP), join(scripts, 'fastmcp_client.py')];
}

/** Copied to where its packages are: a module finds them from its own place only. */
async function mcpUse(): Promise<readonly string[]> {
  const { folder } = await installTools('mcp-use', MCP_USE, [
    '--omit=optional',
    '--legacy-peer-deps',
    '--ignore-scripts',
  ]);
  const script = join(folder, 'client.mjs');
  await cp(join(scripts, 'mcp-use-client.mjs'), script);
  return [process.execPath, script];
}

const clients: readonly Client[] = [
  {
    name: 'FastMCP for Python',
    prepare: fastMcp,
    args: ['auto'],
    says: { version: '2026-07-28', changed: 'ToolsListChanged' },
  },
  {
    name: 'FastMCP for Python, legacy',
    prepare: fastMcp,
    args: ['legacy'],
    says: { version: '2025-11-25', changed: 'ToolsListChanged' },
  },
  { name: 'mcp-use', prepare: mcpUse, args: [], says: { changed: true } },
];

const wanted =
  process.env.CI === 'true' || ((await hasPython('fastmcp', FASTMCP)) && (await hasTools('mcp-use', MCP_USE)));
const found = wanted ? {} : { missing: 'the clients of other projects are installed with CI=true' };

describeWith('clients of other projects', found, () => {
  let commands: Map<Client, readonly string[]>;
  beforeAll(async () => {
    commands = new Map();
    for (const client of clients) commands.set(client, await client.prepare());
  }, 300_000);

  describe.each([
    { name: 'HTTP', start: startHttp, streams: 'sse' },
    { name: 'HTTP behind Hermod', start: startHeld, streams: 'held' },
  ])('over $name', ({ start, streams }) => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    });
    afterAll(() => target?.close());

    test.each(clients)('$name connects, lists, calls, hears, asks, listens and cancels', async (client) => {
      const [command = '', ...script] = commands.get(client) ?? [];
      const url = target.endpoint.kind === 'http' ? target.endpoint.url.href : '';
      const env = { ...process.env, MCP_USE_ANONYMIZED_TELEMETRY: 'false', FASTMCP_CHECK_FOR_UPDATES: 'off' };
      const { stdout } = await run(command, [...script, url, ...client.args], { timeout: 50_000, env });
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
        tools: expect.arrayContaining(['add', 'count', 'sleep', 'greet']),
        sum: { sum: 5 },
        counted: 'counted to 3',
        heard: [1, 2, 3],
        greeting: 'Hello, Frigg!',
        note: 'note 7',
        prompt: 'Explain holds',
        ...client.says,
      });
      expect(target.answered).toContain(`tools/call count ${streams}`);
    });

    test('every cancelled call was stopped', async () => {
      const read = { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'state://calls' } };
      const { endpoint } = target;
      const response = await fetch(endpoint.kind === 'http' ? endpoint.url : '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify(read),
      });
      const { result } = (await response.json()) as { result: { contents: { text: string }[] } };
      expect(JSON.parse(result.contents[0]?.text ?? '')).toEqual({ started: clients.length, aborted: clients.length });
    });
  });
});

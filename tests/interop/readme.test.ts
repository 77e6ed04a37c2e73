import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../architecture/workspace.ts';
import { findFreePorts } from '../real/ports.ts';
import { until } from '../real/until.ts';
import { createV2Client } from './peers.ts';

let child: ChildProcess;
let url: URL;

beforeAll(async () => {
  const [port = 0] = await findFreePorts(1);
  url = new URL(`http://127.0.0.1:${port}/mcp`);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = ['--conditions=@asgard/source', '--import', tsx, join(root, 'docs', 'examples', 'server.ts')];
  const env = { ...process.env, PORT: String(port), ASGARD_AUTH: 'none' };
  child = spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  await until(
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    20_000,
  );
});
afterAll(async () => {
  if (child === undefined || child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
});

test('the server in the README runs, reports and answers', async () => {
  const client = createV2Client('auto');
  await client.connect(new StreamableHTTPClientTransport(url));
  const heard: string[] = [];
  const result = await client.callTool(
    { name: 'sail', arguments: { ship: 'Skidbladnir', days: 2 } },
    { onprogress: ({ message }) => heard.push(message ?? '') },
  );
  expect(heard).toEqual(['day 1', 'day 2']);
  expect(result.content).toEqual([{ type: 'text', text: 'Skidbladnir is back after 2 days, captain.' }]);
  await client.close();
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, expect, test } from 'vitest';
import { root } from '../architecture/workspace.ts';
import { findFreePorts } from '../real/ports.ts';
import { until } from '../real/until.ts';
import { createV2Client } from './peers.ts';

let client: Client | undefined;
let child: ChildProcess | undefined;

afterEach(async () => {
  await client?.close();
  if (child === undefined || child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
});

/** Runs an example as a program of its own and connects a client. */
async function connectTo(example: string): Promise<Client> {
  const [port = 0] = await findFreePorts(1);
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = ['--conditions=@asgard/source', '--import', tsx, join(root, 'docs', 'examples', example)];
  const env = { ...process.env, PORT: String(port), ASGARD_AUTH: 'none' };
  child = spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const isUp = (): Promise<boolean> =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await until(isUp, 20_000);
  client = createV2Client('auto');
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

test('the server in the README runs, reports and answers', async () => {
  const harbour = await connectTo('server.ts');
  const heard: string[] = [];
  const result = await harbour.callTool(
    { name: 'sail', arguments: { ship: 'Skidbladnir', days: 2 } },
    { onprogress: ({ message }) => heard.push(message ?? '') },
  );
  expect(heard).toEqual(['day 1', 'day 2']);
  expect(result.content).toEqual([{ type: 'text', text: 'Skidbladnir is back after 2 days, captain.' }]);
});

test('the server in the README of odin runs, tells and answers', async () => {
  const notes = await connectTo('notes.ts');
  const heard: string[] = [];
  notes.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  const subscription = await notes.listen({ resourceSubscriptions: ['note://a'] });
  const written = await notes.callTool({ name: 'write', arguments: { id: 'a', text: 'Feed the ravens' } });
  expect(written.content).toEqual([{ type: 'text', text: 'Written: a' }]);
  await expect.poll(() => heard).toEqual(['note://a']);
  expect((await notes.readResource({ uri: 'note://a' })).contents).toMatchObject([{ text: 'Feed the ravens' }]);
  expect(await notes.callTool({ name: 'write', arguments: { id: 'a', text: '' } })).toMatchObject({
    isError: true,
    content: [{ text: 'A note needs text' }],
  });
  const { messages } = await notes.getPrompt({ name: 'tidy', arguments: { topic: 'ravens' } });
  expect(messages).toMatchObject([{ content: { text: 'Tidy my notes about ravens' } }]);
  await subscription.close();
});

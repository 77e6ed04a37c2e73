import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  LoggingMessageNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const client = new Client({ name: 'interop-client', version: '1.0.0' });
const heard: string[] = [];
const patience = { timeout: 5_000 };

beforeAll(async () => {
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void heard.push(`log ${params.data}`),
  );
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
  for (const schema of [
    ToolListChangedNotificationSchema,
    PromptListChangedNotificationSchema,
    ResourceListChangedNotificationSchema,
  ])
    client.setNotificationHandler(schema, ({ method }) => void heard.push(method));
  const args = ['--conditions=@asgard/source', '--import', tsx, join(here, 'stdio-session-server.ts')];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: here, stderr: 'ignore' }));
}, 30_000);
afterAll(() => client.close());

const call = (name: string) => client.callTool({ name, arguments: {} });

test('a client of SDK v1 over stdio sets the level of what is logged', async () => {
  expect(client.getServerCapabilities()).toMatchObject({ logging: {} });
  expect(await call('say')).toMatchObject({ content: [{ text: '2025-11-25' }] });
  await expect.poll(() => heard.splice(0), patience).toEqual(['log low', 'log high']);
  await client.setLoggingLevel('error');
  await call('say');
  await expect.poll(() => heard.splice(0), patience).toEqual(['log high']);
});

test('it hears of changed lists, and of the resources that it has subscribed to', async () => {
  expect(client.getServerCapabilities()).toMatchObject({
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
  });
  const lists = ['tools', 'prompts', 'resources'].map((kind) => `notifications/${kind}/list_changed`);
  await client.subscribeResource({ uri: 'note://7' });
  await call('change');
  await expect.poll(() => heard.length, patience).toBe(4);
  expect(heard.splice(0)).toEqual(['note://7', ...lists]);
  await client.unsubscribeResource({ uri: 'note://7' });
  await call('change');
  await expect.poll(() => heard.length, patience).toBe(3);
  expect(heard.splice(0)).toEqual(lists);
  await expect(client.subscribeResource({ uri: 'other://7' })).rejects.toMatchObject({ code: -32602 });
});

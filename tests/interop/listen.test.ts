import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createV2Client, createV2Transport } from './peers.ts';
import { startHeld, startHttp, startStdio, type Target } from './targets.ts';

const targets = [
  { name: 'HTTP', start: startHttp },
  { name: 'HTTP behind Hermod', start: startHeld },
  { name: 'stdio', start: startStdio },
];

interface Listener {
  client: Client;
  heard: string[];
}

/** A client that writes down every change it is told of. */
async function connect(target: Target): Promise<Listener> {
  const client = createV2Client('auto');
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri);
  });
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard.push('tools');
  });
  await client.connect(createV2Transport(target.endpoint));
  return { client, heard };
}

describe.each(targets)('subscriptions/listen over $name', ({ start }) => {
  let target: Target;
  let listener: Listener;
  let open: McpSubscription[] = [];
  beforeAll(async () => {
    target = await start();
    listener = await connect(target);
  });
  afterAll(async () => {
    for (const subscription of open) await subscription.close();
    await listener?.client.close();
    await target?.close();
  });

  test('is told what it asked for and nothing else', async () => {
    const { client, heard } = listener;
    const subscription = await client.listen({ resourceSubscriptions: ['note://1', 'note://100%'] });
    open.push(subscription);
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: ['note://1', 'note://100%'] });
    await client.callTool({ name: 'touch', arguments: { id: '2' } });
    await client.callTool({ name: 'grow', arguments: {} });
    await client.callTool({ name: 'touch', arguments: { id: '1' } });
    await client.callTool({ name: 'touch', arguments: { id: '100%' } });
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['note://1', 'note://100%']);
  });

  test('each subscription is told by itself', async () => {
    const { client, heard } = listener;
    heard.length = 0;
    open.push(await client.listen({ toolsListChanged: true }));
    await client.callTool({ name: 'grow', arguments: {} });
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['tools']);
  });

  test('ends when the client closes it', async () => {
    const { client, heard } = listener;
    for (const subscription of open) {
      await subscription.close();
      expect(await subscription.closed).toBe('local');
    }
    open = [];
    heard.length = 0;
    await client.callTool({ name: 'grow', arguments: {} });
    const fresh = await client.listen({ toolsListChanged: true });
    open.push(fresh);
    await client.callTool({ name: 'grow', arguments: {} });
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['tools']);
  });
});

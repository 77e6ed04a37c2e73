import { createTestClient, testPrincipal } from '@asgard/odin/testing';
import { expect, test } from 'vitest';
import { createServer } from '../src/server.ts';

test('stock counts what is on the shelf', async () => {
  const client = createTestClient(createServer());
  await client.callTool('stock', { item: 'iron', count: 2 });
  expect(await client.callTool('stock', { item: 'iron' })).toMatchObject({
    structuredContent: { item: 'iron', count: 3 },
  });
  expect(await client.readResource('shelf://iron')).toMatchObject({
    contents: [{ uri: 'shelf://iron', text: '{"item":"iron","count":3}' }],
  });
});

test('forge reports five steps and makes one item', async () => {
  const client = createTestClient(createServer(), { principal: testPrincipal({ username: 'freya' }) });
  const steps: unknown[] = [];
  const result = await client.callTool(
    'forge',
    { item: 'axe', stepMs: 1 },
    { onNotification: (_, params) => steps.push(params.message) },
  );
  expect(steps).toEqual(['heat', 'hammer', 'fold', 'quench', 'polish']);
  expect(result).toMatchObject({ content: [{ type: 'text', text: 'One axe, forged for freya.' }] });
});

test('forge stops when the client leaves', async () => {
  const client = createTestClient(createServer());
  const call = client.callTool('forge', { item: 'axe', stepMs: 60_000 }, { signal: AbortSignal.timeout(10) });
  await expect(call).rejects.toThrow('Request cancelled');
  expect(await client.readResource('shelf://axe')).toMatchObject({ contents: [{ text: '{"item":"axe","count":0}' }] });
});

test('arguments that do not fit are a tool error', async () => {
  const client = createTestClient(createServer());
  expect(await client.callTool('stock', { item: 'iron', count: 0 })).toMatchObject({ isError: true });
});

test('order is a prompt', async () => {
  const client = createTestClient(createServer());
  expect(await client.getPrompt('order', { item: 'axe' })).toMatchObject({
    messages: [{ content: { type: 'text', text: expect.stringContaining('shelf://axe') } }],
  });
});

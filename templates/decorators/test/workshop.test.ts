import { createTestClient } from '@asgard/odin/testing';
import { expect, test } from 'vitest';
import { createServer } from '../src/server.ts';

test('stock counts what is on the shelf', async () => {
  const client = createTestClient(createServer());
  await client.callTool('stock', { item: 'iron', count: 2 });
  const result = await client.callTool('stock', { item: 'iron' });
  expect(result.structuredContent).toEqual({ item: 'iron', count: 3 });
  const { contents } = await client.readResource('shelf://iron');
  expect(JSON.parse(contents[0]?.text ?? '')).toEqual({ item: 'iron', count: 3 });
});

test('forge makes one item', async () => {
  const client = createTestClient(createServer());
  const result = await client.callTool('forge', { item: 'axe', stepMs: 1 });
  expect(result.content).toEqual([{ type: 'text', text: 'One axe, forged for whoever asked.' }]);
});

test('arguments that do not fit are a tool error', async () => {
  const client = createTestClient(createServer());
  const result = await client.callTool('stock', { item: 'iron', count: 0 });
  expect(result.isError).toBe(true);
});

test('order is a prompt', async () => {
  const client = createTestClient(createServer());
  const { messages } = await client.getPrompt('order', { item: 'axe' });
  expect(messages[0]?.content).toMatchObject({ type: 'text', text: expect.stringContaining('shelf://axe') });
});

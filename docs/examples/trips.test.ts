import { OdinServer } from '@asgard/odin';
import { createTestClient, createTestProxy, testPrincipal } from '@asgard/odin/testing';
import { expect, it } from 'vitest';
import { odin } from './input.ts';

it('books what the user asked for', async () => {
  const client = createTestClient(odin, { principal: testPrincipal(), capabilities: { elicitation: {} } });
  const first = await client.request('tools/call', { name: 'book', arguments: { to: 'Oslo' } });
  expect(first.resultType).toBe('input_required');
  const booking = { action: 'accept', content: { seat: 'window' } };
  const retry = {
    name: 'book',
    arguments: { to: 'Oslo' },
    requestState: first.requestState ?? '',
    inputResponses: { booking },
  };
  expect(await client.request('tools/call', retry)).toMatchObject({
    content: [{ text: expect.stringContaining('window') }],
  });
});

it('holds what takes long', async () => {
  const proxy = createTestProxy();
  const server = new OdinServer({ name: 'x', version: '1', hermod: proxy.hermod });
  server.tool({ name: 'brew', hold: 'always' }, () => new Promise((resolve) => setTimeout(resolve, 30, 'tea')));
  const answer = await proxy.request(server, 'tools/call', { name: 'brew' });
  expect(answer.kind).toBe('held');
  await expect.poll(() => answer.messages().at(-1)).toMatchObject({ result: { content: [{ text: 'tea' }] } });
});

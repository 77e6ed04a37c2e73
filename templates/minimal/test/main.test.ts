import { createTestClient } from '@asgard/odin/testing';
import { afterAll, expect, test } from 'vitest';

process.env.PORT = '0'; // any free one
const { odin, server } = await import('../src/main.ts');
const client = createTestClient(odin);
afterAll(() => server.close());

test('roll gives as many numbers as asked for, in range', async () => {
  const { content } = await client.callTool('roll', { sides: 4, count: 50 });
  expect(content).toEqual([{ type: 'text', text: expect.stringMatching(/^[1-4]( [1-4]){49}$/) }]);
});

test('arguments that do not fit are a tool error', async () => {
  expect(await client.callTool('roll', { sides: 1 })).toMatchObject({ isError: true });
});

test('the rules are a resource', async () => {
  expect(await client.readResource('dice://rules')).toMatchObject({ contents: [{ text: 'The higher sum wins.' }] });
});

test('it listens on this machine only', () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

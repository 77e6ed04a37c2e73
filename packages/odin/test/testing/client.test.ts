import { expect, test } from 'vitest';
import * as z from 'zod';
import { OdinServer } from '../../src/index.ts';
import { createTestClient } from '../../src/testing.ts';

function createServer(): OdinServer {
  const odin = new OdinServer({ name: 'a', version: '1' });
  odin.tool({ name: 'wait' }, ({ signal }) => {
    if (signal.aborted) return 'aborted before';
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));
  });
  odin.tool({ name: 'greet' }, async (context) => {
    const who = await context.elicit('who', { message: 'Who?', schema: z.object({ name: z.string() }) });
    const roots = await context.roots();
    return `${who.content?.name ?? who.action} in ${roots[0]?.uri}`;
  });
  return odin;
}

test('a call that was cancelled before it began is cancelled', async () => {
  const client = createTestClient(createServer());
  const call = client.callTool('wait', {}, { signal: AbortSignal.abort() });
  expect(await call).toMatchObject({ content: [{ text: 'aborted before' }] });
});

test.each(['modern', 'legacy'] as const)('a client of the %s era answers what it is asked', async (era) => {
  const asked: string[] = [];
  const client = createTestClient(createServer(), {
    era,
    capabilities: { elicitation: {}, roots: {} },
    onRequest: async (method) => {
      asked.push(method);
      return method === 'roots/list'
        ? { roots: [{ uri: 'file:///a' }] }
        : { action: 'accept', content: { name: 'Ada' } };
    },
  });
  expect(await client.callTool('greet')).toMatchObject({ content: [{ text: 'Ada in file:///a' }] });
  expect(asked).toEqual(['elicitation/create', 'roots/list']);
});

test('a client that is asked for ever gives up', async () => {
  const client = createTestClient(createServer(), {
    capabilities: { elicitation: {}, roots: {} },
    onRequest: async () => ({ action: 'accept', content: { name: 1 } }),
  });
  await expect(client.callTool('greet')).rejects.toThrow(/asked again and again/);
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createTestClient, createTestClock, createTestProxy, testPrincipal } from '../../src/testing.ts';
import { createFixture } from '../fixture.ts';

describe('createTestProxy', () => {
  it('shows what is held and what is published, and lets the client leave', async () => {
    const proxy = createTestProxy();
    const { odin, ran } = createFixture({ hermod: proxy.hermod, http: { patienceMs: 5 } });
    const steps = await proxy.request(
      odin,
      'tools/call',
      { name: 'steps', arguments: { count: 2 } },
      { meta: { progressToken: 'p' } },
    );
    await expect.poll(() => steps.ended).toBe(true);
    expect([steps.kind, steps.messages().map(({ method, id }) => method ?? id)]).toEqual([
      'held',
      ['notifications/progress', 'notifications/progress', 1],
    ]);
    const wait = await proxy.request(odin, 'tools/call', { name: 'wait' });
    wait.leave();
    await expect.poll(() => ran.at(-1)).toBe('wait aborted');
    expect((await proxy.request(odin, 'tools/call', { name: 'add', arguments: { a: 1 } })).kind).toBe('json');
  });

  it('puts the id of each subscription in, odd ones too', async () => {
    const proxy = createTestProxy();
    const { odin } = createFixture({ hermod: proxy.hermod });
    const notifications = { resourceSubscriptions: ['note://50%'] };
    const streams = await Promise.all(
      ['a', 'ä"%'].map((id) => proxy.request(odin, 'subscriptions/listen', { notifications }, { id })),
    );
    await odin.notify.resourceUpdated('note://50%');
    expect(proxy.published).toHaveLength(1);
    for (const [at, id] of ['a', 'ä"%'].entries()) {
      expect(streams[at]?.messages().at(-1)).toMatchObject({
        params: { uri: 'note://50%', _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
      });
    }
  });
});

describe('createTestClient', () => {
  it('plays a client of the old era, which can be asked in mid-call', async () => {
    const { odin } = createFixture();
    odin.tool(
      { name: 'ask' },
      async (context) =>
        (await context.elicit('who', { message: 'Who?', schema: z.object({ name: z.string() }) })).content?.name,
    );
    const client = createTestClient(odin, {
      era: 'legacy',
      capabilities: { elicitation: {} },
      onRequest: async (method) => ({ action: 'accept', content: { name: method } }),
    });
    expect(await client.callTool('ask')).toEqual({ content: [{ type: 'text', text: 'elicitation/create' }] });
    await expect(client.request('server/discover')).rejects.toMatchObject({ rpcCode: -32_601 });
  });
});

describe('createTestClock', () => {
  it('makes the state of a round too old', async () => {
    const clock = createTestClock();
    const { odin } = createFixture({ now: clock.now });
    odin.tool({ name: 'ask' }, (context) =>
      context.elicit('who', { message: 'Who?', schema: z.object({ name: z.string() }) }),
    );
    const client = createTestClient(odin, { principal: testPrincipal(), capabilities: { elicitation: {} } });
    const { requestState } = await client.request('tools/call', { name: 'ask' });
    const retry = {
      name: 'ask',
      requestState: requestState ?? '',
      inputResponses: { who: { action: 'accept', content: { name: 'x' } } },
    };
    clock.advance(599_000);
    expect(await client.request('tools/call', retry)).toMatchObject({ resultType: 'complete' });
    clock.advance(2_000);
    await expect(client.request('tools/call', retry)).rejects.toThrow('"requestState" is not valid');
  });
});

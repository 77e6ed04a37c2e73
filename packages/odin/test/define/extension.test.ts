import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineExtension, defineMethod, defineTool, OdinServer } from '../../src/index.ts';
import { createTestClient, testPrincipal } from '../../src/testing.ts';

const ID = 'com.example/charts';
const render = defineMethod({ params: z.object({ rows: z.number() }) }, ({ rows }, context) => ({
  bars: '#'.repeat(rows),
  declared: context.client.capabilities.extensions ?? null,
}));

function serve(options: Partial<Parameters<typeof defineExtension>[0]> = {}): OdinServer {
  const charts = defineExtension({ id: ID, settings: { colors: 2 }, methods: { 'charts/render': render }, ...options });
  return new OdinServer({ name: 'charts', version: '1.0.0', logger: { error: () => {}, warn: () => {} } }).register(
    charts,
  );
}

describe('an extension', () => {
  it('is declared by the server, with its settings, in both eras', async () => {
    const discovered = await createTestClient(serve()).request('server/discover');
    expect(discovered).toMatchObject({ capabilities: { extensions: { [ID]: { colors: 2 } } } });
    const old = await createTestClient(serve(), { era: 'legacy' }).request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    });
    expect(old).toMatchObject({ capabilities: { extensions: { [ID]: { colors: 2 } } } });
  });

  it('is not spoken of by servers without one', async () => {
    const discovered = await createTestClient(new OdinServer({ name: 'a', version: '1' })).request('server/discover');
    expect(discovered.capabilities).not.toHaveProperty('extensions');
  });

  it('answers its methods, and says what is wrong with their params', async () => {
    const client = createTestClient(serve());
    expect(await client.request('charts/render', { rows: 3 })).toMatchObject({ bars: '###', resultType: 'complete' });
    await expect(client.request('charts/render', { rows: 'x' })).rejects.toMatchObject({
      rpcCode: -32602,
      message: expect.stringContaining('rows: '),
    });
    await expect(client.request('charts/other')).rejects.toMatchObject({ rpcCode: -32601 });
  });

  it('gives cacheable results where its method says so', async () => {
    const cache = { ttlMs: 500, scope: 'public' } as const;
    const odin = serve({ methods: { 'charts/list': defineMethod({ cache }, () => ({ charts: [] })) } });
    expect(await createTestClient(odin).request('charts/list')).toMatchObject({ ttlMs: 500, cacheScope: 'public' });
  });

  it('masks what a handler throws, and a value that is no object', async () => {
    const secret = 'the password is swordfish';
    const odin = serve({
      methods: {
        'charts/throw': defineMethod({}, () => {
          throw new Error(secret);
        }),
        'charts/text': defineMethod({}, () => secret as never),
      },
    });
    for (const method of ['charts/throw', 'charts/text']) {
      const failure = await createTestClient(odin)
        .request(method)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ rpcCode: -32603 });
      expect(String(failure)).not.toContain('swordfish');
    }
  });

  it('may be for clients that declare it too', async () => {
    const odin = serve({ requiresClient: true });
    await expect(createTestClient(odin).request('charts/render', { rows: 1 })).rejects.toMatchObject({
      rpcCode: -32021,
      data: { requiredCapabilities: { extensions: { [ID]: {} } } },
    });
    const knowing = createTestClient(odin, { capabilities: { extensions: { [ID]: { dpi: 96 } } } });
    expect(await knowing.request('charts/render', { rows: 1 })).toMatchObject({ declared: { [ID]: { dpi: 96 } } });
  });

  it('brings tools along, and is taken over whole by a server that mounts its own', async () => {
    const draw = defineTool({ name: 'draw' }, () => 'drawn');
    const outer = new OdinServer({ name: 'outer', version: '1' }).mount('c_', serve({ definitions: [draw] }));
    const client = createTestClient(outer);
    expect(await client.callTool('c_draw')).toMatchObject({ content: [{ text: 'drawn' }] });
    expect(await client.request('charts/render', { rows: 1 })).toMatchObject({ bars: '#' });
  });

  it('is registered whole or not at all', async () => {
    const tool = defineTool({ name: 'draw', scopes: ['draw'] }, () => 'drawn');
    const odin = new OdinServer({ name: 'a', version: '1' });
    odin.tool({ name: 'taken' }, () => 'mine');
    const taken = defineTool({ name: 'taken' }, () => 'theirs');
    const clashing = defineExtension({ id: ID, methods: { 'charts/render': render }, definitions: [tool, taken] });
    expect(() => odin.register(clashing)).toThrow(/already a tool named "taken"/);
    const client = createTestClient(odin);
    expect(await client.listTools()).toMatchObject([{ name: 'taken' }]);
    expect((await client.request('server/discover')).capabilities).not.toHaveProperty('extensions');
    expect(odin.parts.catalog.restricted).toBe(false);
    odin.register(defineExtension({ id: ID, methods: { 'charts/render': render }, definitions: [tool] }));
    expect(await client.request('charts/render', { rows: 1 })).toMatchObject({ bars: '#' });
  });

  it('goes through middleware, and asks its caller for scopes', async () => {
    const url = 'https://a.example.com/mcp';
    const auth = { issuer: 'https://id.example.com/realms/a', audience: url };
    const seen: string[] = [];
    const odin = new OdinServer({ name: 'a', version: '1', url, auth }).use((exchange, next) => {
      seen.push(exchange.method);
      return next();
    });
    const paid = defineMethod({ scopes: ['charts'], cache: { ttlMs: 1, scope: 'private' } }, () => ({ ok: true }));
    odin.register(defineExtension({ id: ID, methods: { 'charts/paid': paid } }));
    const call = (scopes: string[]) =>
      createTestClient(odin, { principal: testPrincipal({ scopes }) }).request('charts/paid');
    await expect(call([])).rejects.toThrow(/needs charts/);
    expect(await call(['charts'])).toMatchObject({ ok: true, cacheScope: 'private' });
    expect(seen).toEqual(['charts/paid', 'charts/paid']);
  });

  it('answers clients of older eras in their shape', async () => {
    const client = createTestClient(serve(), { era: 'legacy' });
    expect(await client.request('charts/render', { rows: 2 })).toEqual({ bars: '##', declared: null });
  });

  it('cannot say that what is for some may be kept for all', () => {
    const cache = { ttlMs: 1, scope: 'public' } as const;
    const secret = defineMethod({ roles: ['admin'], cache }, () => ({}));
    expect(() => serve({ methods: { 'charts/secret': secret } })).toThrow(
      /"charts\/secret", option cache: .*"private"/,
    );
    for (const ttlMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const bad = defineMethod({ cache: { ttlMs, scope: 'private' } }, () => ({}));
      expect(() => serve({ methods: { 'charts/bad': bad } })).toThrow(/needs ttlMs of 0 or more/);
    }
  });

  it('asks its client, and takes the answer for the same params only', async () => {
    const ask = defineMethod({}, async ({ amount }, context) => {
      const { action } = await context.elicit('sure', { message: `Pay ${amount}?`, schema: z.object({}) });
      return { paid: action === 'accept' ? (amount ?? null) : null };
    });
    const client = createTestClient(serve({ methods: { 'charts/pay': ask } }), { capabilities: { elicitation: {} } });
    const { requestState } = await client.request('charts/pay', { amount: 1 });
    const answered = {
      requestState: requestState ?? null,
      inputResponses: { sure: { action: 'accept', content: {} } },
    };
    expect(await client.request('charts/pay', { amount: 1, ...answered })).toMatchObject({ paid: 1 });
    await expect(client.request('charts/pay', { amount: 1_000, ...answered })).rejects.toMatchObject({
      rpcCode: -32602,
      message: expect.stringContaining('requestState'),
    });
  });

  it('is refused with an id, a method or an extension that cannot be', () => {
    for (const id of [
      'charts',
      'com.example/',
      '/charts',
      '1com.example/charts',
      'com.-example/charts',
      'com.example/a b',
    ])
      expect(() => defineExtension({ id })).toThrow(/option id: must be "vendor\/name"/);
    for (const core of ['tools/list', 'sampling/createMessage', 'roots/list', 'elicitation/create'])
      expect(() => serve({ methods: { [core]: render } })).toThrow(`already a method named "${core}"`);
    for (const name of ['', 'charts/b c', 'charts/ä', 'a\r\nb', 'notifications/charts', 'rpc.charts'])
      expect(() => serve({ methods: { [name]: render } })).toThrow(/option methods: .* cannot be a method/);
    const charts = defineExtension({ id: ID });
    expect(() => serve().register(charts)).toThrow(/already an extension/);
    const other = defineExtension({ id: 'com.example/other', methods: { 'charts/render': render } });
    expect(() => serve().register(other)).toThrow(/already a method named "charts\/render"/);
  });
});

import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { OdinServer, type OdinServerOptions } from '../../src/index.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { createTestClient, testPrincipal } from '../../src/testing.ts';
import { modernRequest, PATIENCE_MS } from '../fixture.ts';

const Name = z.object({ name: z.string().min(1) });
const Color = z.object({ color: z.enum(['red', 'blue']) });
const ALL = {
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
};

interface Result extends JsonObject {
  readonly resultType: string;
  readonly inputRequests: Record<string, JsonObject>;
  readonly requestState: string;
}

function createServer(options: Partial<OdinServerOptions> = {}): { odin: OdinServer; runs: string[] } {
  const runs: string[] = [];
  const odin = new OdinServer({ name: 'x', version: '1', http: { patienceMs: PATIENCE_MS }, ...options });
  odin.tool(
    { name: 'greet', input: z.object({ greeting: z.string().default('Hello') }) },
    async ({ greeting }, context) => {
      runs.push('greet');
      const plan = await context.remember('plan', () => {
        runs.push('plan');
        return { at: runs.length };
      });
      const who = await context.elicit('who', { message: 'Your name?', schema: Name });
      if (who.action !== 'accept') return `no name: ${who.action}`;
      const paint = await context.elicit('paint', { message: 'Your colour?', schema: Color });
      return `${greeting} ${who.content.name} in ${paint.content?.color}, planned at ${plan.at}`;
    },
  );
  odin.tool({ name: 'many' }, async (context) => {
    const { who, text, dirs, pay } = await context.input({
      who: { message: 'Your name?', schema: Name },
      text: { sample: { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 } },
      dirs: { roots: true },
      pay: { message: 'Pay here', url: 'https://pay.example' },
    });
    expectTypeOf(who.content).toEqualTypeOf<{ name: string } | undefined>();
    return [who.content?.name, text.content.text, dirs[0]?.uri, pay.action].join(' ');
  });
  odin.tool({ name: 'stubborn' }, async (context) => {
    await Promise.all([context.elicit('a', { message: 'a?', schema: Name }), context.roots()]).catch(() => undefined);
    return 'never seen without answers';
  });
  odin.prompt(
    { name: 'ask' },
    async (context) => `About ${(await context.elicit('topic', { message: 'What?', schema: Name })).content?.name}`,
  );
  return { odin, runs };
}

async function call(
  odin: OdinServer,
  params: JsonObject,
  meta: object = ALL,
): Promise<{ status: number; result: Result; error?: { code: number; data?: unknown } }> {
  const response = await odin.fetch(modernRequest('tools/call', params, { meta }));
  return { status: response.status, ...((await response.json()) as { result: Result }) };
}

const accept = (content: JsonObject): JsonObject => ({ action: 'accept', content });

describe('what is remembered', () => {
  it.each(['modern', 'legacy'] as const)('is made once and is the same in every round (%s)', async (era) => {
    const made: string[] = [];
    const seen: unknown[] = [];
    const odin = new OdinServer({ name: 'x', version: '1' });
    odin.tool({ name: 'plan' }, async (context) => {
      const make = async () => {
        made.push('plan');
        return { at: new Date(0), not: undefined };
      };
      const twice = await Promise.all([context.remember('plan', make), context.remember('plan', make)]);
      seen.push(...twice, await context.remember('nothing', () => undefined));
      await context.elicit('who', { message: '?', schema: Name });
    });
    const client = createTestClient(odin, {
      era,
      capabilities: { elicitation: {} },
      onRequest: async () => ({ action: 'accept', content: { name: 'Ada' } }),
    });
    await client.callTool('plan');
    expect(made).toEqual(['plan']);
    const round = [{ at: '1970-01-01T00:00:00.000Z' }, { at: '1970-01-01T00:00:00.000Z' }, null];
    expect(seen).toEqual(era === 'modern' ? [...round, ...round] : round);
  });

  it('is made again after it failed', async () => {
    let attempts = 0;
    const odin = new OdinServer({ name: 'x', version: '1' });
    odin.tool({ name: 'plan' }, async (context) => {
      const make = async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
        return attempts;
      };
      await context.remember('plan', make).catch(() => undefined);
      return context.remember('plan', make);
    });
    expect(await createTestClient(odin).callTool('plan')).toMatchObject({ content: [{ text: '2' }] });
  });
});

describe('asking on 2026-07-28', () => {
  it('takes as many rounds as it needs, remembers between them, and ends with the result', async () => {
    const { odin, runs } = createServer();
    const first = await call(odin, { name: 'greet', arguments: {} });
    expect(first.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        who: {
          method: 'elicitation/create',
          params: {
            message: 'Your name?',
            requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
          },
        },
      },
    });
    const second = await call(odin, {
      name: 'greet',
      arguments: {},
      requestState: first.result.requestState,
      inputResponses: { who: accept({ name: 'Freya' }) },
    });
    expect(Object.keys(second.result.inputRequests)).toEqual(['paint']);
    const third = await call(odin, {
      name: 'greet',
      arguments: {},
      requestState: second.result.requestState,
      inputResponses: { paint: accept({ color: 'blue' }) },
    });
    expect(third.result).toMatchObject({
      resultType: 'complete',
      content: [{ text: 'Hello Freya in blue, planned at 2' }],
    });
    expect(runs).toEqual(['greet', 'plan', 'greet', 'greet']);
  });

  it('continues on any replica with the same secrets, and on no other', async () => {
    const secrets = ['a secret that all replicas of it share'];
    const [one, two, other] = [createServer({ secrets }), createServer({ secrets }), createServer()];
    const { result } = await call(one.odin, { name: 'greet', arguments: {} });
    const retry = {
      name: 'greet',
      arguments: {},
      requestState: result.requestState,
      inputResponses: { who: { action: 'decline' } },
    };
    expect((await call(two.odin, retry)).result).toMatchObject({ content: [{ text: 'no name: decline' }] });
    expect(await call(other.odin, retry)).toMatchObject({ status: 200, error: { code: -32602 } });
    expect(other.runs).toEqual([]);
  });

  it('asks for everything at once, and for what is asked side by side', async () => {
    const { odin } = createServer();
    const { result } = await call(odin, { name: 'many' });
    expect(Object.values(result.inputRequests).map(({ method }) => method)).toEqual([
      'elicitation/create',
      'sampling/createMessage',
      'roots/list',
      'elicitation/create',
    ]);
    const inputResponses = {
      who: accept({ name: 'Freya' }),
      text: { role: 'assistant', content: { type: 'text', text: 'Hei' }, model: 'm' },
      dirs: { roots: [{ uri: 'file:///home' }] },
      pay: { action: 'accept' },
    };
    expect((await call(odin, { name: 'many', inputResponses })).result).toMatchObject({
      content: [{ text: 'Freya Hei file:///home accept' }],
    });
    expect(Object.keys((await call(odin, { name: 'stubborn' })).result.inputRequests)).toEqual(['a', 'roots']);
  });

  it('works in prompts too', async () => {
    const client = createTestClient(createServer().odin, { capabilities: { elicitation: {} } });
    expect(await client.request('prompts/get', { name: 'ask' })).toMatchObject({ resultType: 'input_required' });
    expect(
      await client.request('prompts/get', { name: 'ask', inputResponses: { topic: accept({ name: 'runes' }) } }),
    ).toMatchObject({ messages: [{ content: { text: 'About runes' } }] });
  });

  it.each([
    ['an answer that does not fit', { who: accept({ name: '' }) }],
    ['an answer under another key', { someone: accept({ name: 'x' }) }],
    ['an answer wrapped in an envelope', { who: { method: 'elicitation/create', result: accept({ name: 'x' }) } }],
    ['a number', { who: 5 }],
    ['an unknown action', { who: { action: 'maybe' } }],
  ])('asks again after %s', async (_, inputResponses) => {
    expect((await call(createServer().odin, { name: 'greet', arguments: {}, inputResponses })).result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { who: {} },
    });
  });

  it('ignores answers that nobody asked for', async () => {
    const { result } = await call(createServer().odin, {
      name: 'greet',
      arguments: {},
      inputResponses: { who: { action: 'cancel' }, extra: accept({}) },
    });
    expect(result).toMatchObject({ content: [{ text: 'no name: cancel' }] });
  });

  it('does not ask what the client did not say it can answer: -32021, naming it', async () => {
    const answer = await call(
      createServer().odin,
      { name: 'greet', arguments: {} },
      { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} } },
    );
    expect(answer).toMatchObject({
      status: 400,
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
    });
  });

  it.each([
    ['changed', (state: string) => ({ requestState: `${state.slice(0, -4)}AAAA` })],
    ['appended to', (state: string) => ({ requestState: `${state}-TAMPERED` })],
    ['for other arguments', (state: string) => ({ requestState: state, arguments: { greeting: 'Hei' } })],
    ['for another tool', (state: string) => ({ requestState: state, name: 'many' })],
    ['no string', () => ({ requestState: 5 })],
  ])('refuses a state that is %s, and nothing runs', async (_, change) => {
    const { odin, runs } = createServer();
    const { result } = await call(odin, { name: 'greet', arguments: {} });
    runs.length = 0;
    const answer = await call(odin, {
      name: 'greet',
      arguments: {},
      inputResponses: { who: accept({ name: 'x' }) },
      ...change(result.requestState),
    });
    expect(answer).toMatchObject({ error: { code: -32602 } });
    expect(runs).toEqual([]);
  });

  it('refuses the state of another caller', async () => {
    const { odin } = createServer();
    const capabilities = { elicitation: {} };
    const [freya, loki] = ['freya', 'loki'].map((subject) =>
      createTestClient(odin, { principal: testPrincipal({ subject }), capabilities }),
    );
    const { requestState } = (await freya?.request('tools/call', { name: 'greet', arguments: {} })) ?? {};
    const retry: JsonObject = {
      name: 'greet',
      arguments: {},
      ...(requestState !== undefined && { requestState }),
      inputResponses: { who: accept({ name: 'x' }) },
    };
    await expect(loki?.request('tools/call', retry)).rejects.toThrow('"requestState" is not valid');
    expect(await freya?.request('tools/call', retry)).toMatchObject({ inputRequests: { paint: {} } });
  });

  it('takes the same arguments in another order for the same', async () => {
    const { odin } = createServer();
    odin.tool({ name: 'two', input: z.object({ a: z.number(), b: z.number() }) }, (_, context) =>
      context.elicit('x', { message: 'x?', schema: Name }),
    );
    const { result } = await call(odin, { name: 'two', arguments: { a: 1, b: 2 } });
    const answer = await call(odin, {
      name: 'two',
      arguments: { b: 2, a: 1 },
      requestState: result.requestState,
      inputResponses: { x: accept({ name: 'n' }) },
    });
    expect(answer.result.resultType).toBe('complete');
  });

  it.each([{ inputResponses: null }, { inputResponses: 5 }, { inputResponses: [] }])('refuses %j', async (params) => {
    expect(await call(createServer().odin, { name: 'greet', arguments: {}, ...params })).toMatchObject({
      error: { code: -32602 },
    });
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OdinServer } from '../../src/index.ts';
import { createTestClient, testPrincipal } from '../../src/testing.ts';

function createServer(): OdinServer {
  const odin = new OdinServer({ name: 'x', version: '1', logger: { error: () => {}, warn: () => {} } });
  const runes = ['fehu', 'feoh', 'uruz'];
  odin.prompt(
    {
      name: 'explain',
      args: z.object({ rune: z.string(), tone: z.string() }),
      complete: {
        rune: (value) => runes.filter((rune) => rune.startsWith(value)),
        tone: (_, { arguments: given }) => [`like ${given.rune}`],
      },
    },
    () => 'x',
  );
  odin.prompt({ name: 'secret', scopes: ['s'], complete: { a: () => ['hidden'] } }, () => 'x');
  odin.resource(
    'note://{id}',
    { complete: { id: () => Array.from({ length: 150 }, (_, at) => String(at)) } },
    () => 'x',
  );
  odin.resource('fail://{id}', { complete: { id: () => Promise.reject(new Error('password')) } }, () => 'x');
  return odin;
}

const ask = (ref: object, argument: object, context?: object) => ({
  ref: ref as never,
  argument: argument as never,
  ...(context && { context: context as never }),
});

describe('completion/complete', () => {
  const client = createTestClient(createServer());

  it('suggests for prompts, with what is filled in already', async () => {
    expect(
      await client.request(
        'completion/complete',
        ask({ type: 'ref/prompt', name: 'explain' }, { name: 'rune', value: 'fe' }),
      ),
    ).toMatchObject({ completion: { values: ['fehu', 'feoh'], total: 2, hasMore: false } });
    const context = { arguments: { rune: 'uruz', odd: 5 } };
    expect(
      await client.request(
        'completion/complete',
        ask({ type: 'ref/prompt', name: 'explain' }, { name: 'tone', value: '' }, context),
      ),
    ).toMatchObject({ completion: { values: ['like uruz'] } });
  });

  it('sends at most 100 values and says that there are more', async () => {
    const { completion } = (await client.request(
      'completion/complete',
      ask({ type: 'ref/resource', uri: 'note://{id}' }, { name: 'id', value: '' }),
    )) as never as { completion: { values: string[] } };
    expect(completion).toMatchObject({ total: 150, hasMore: true });
    expect(completion.values).toHaveLength(100);
  });

  it.each(['nothing', '__proto__', 'constructor'])('suggests nothing for the argument %s', async (name) => {
    expect(
      await client.request('completion/complete', ask({ type: 'ref/prompt', name: 'explain' }, { name, value: '' })),
    ).toMatchObject({ completion: { values: [] } });
  });

  it.each([
    [
      { type: 'ref/prompt', name: 'none' },
      { name: 'a', value: '' },
    ],
    [{ type: 'ref/other' }, { name: 'a', value: '' }],
    [5, { name: 'a', value: '' }],
    [{ type: 'ref/prompt', name: 'explain' }, { name: 'rune' }],
  ])('refuses %j %j', async (ref, argument) => {
    await expect(client.request('completion/complete', ask(ref as never, argument))).rejects.toMatchObject({
      rpcCode: -32602,
    });
  });

  it('asks for the scopes of what it completes, and masks what fails', async () => {
    const caller = createTestClient(createServer(), { principal: testPrincipal() });
    await expect(
      caller.request('completion/complete', ask({ type: 'ref/prompt', name: 'secret' }, { name: 'a', value: '' })),
    ).rejects.toThrow('Insufficient scope');
    await expect(
      caller.request(
        'completion/complete',
        ask({ type: 'ref/resource', uri: 'fail://{id}' }, { name: 'id', value: '' }),
      ),
    ).rejects.toThrow(/^Internal error/);
  });

  it.each([
    [{ type: 'ref/prompt', name: 'none' }, 'Prompt none not found'],
    [{ type: 'ref/resource', uri: 'none://{id}' }, 'Resource template none://{id} not found'],
    [{ type: 'ref/prompt' }, 'Invalid params: "ref" must be'],
    [{ type: 'ref/tool', name: 'none' }, 'Invalid params: "ref" must be'],
  ])('says why %j cannot be completed', async (ref, message) => {
    const asked = client.request('completion/complete', ask(ref, { name: 'a', value: '' }));
    await expect(asked).rejects.toThrow(message);
  });

  it('is announced only where something can be completed', async () => {
    expect(await client.request('server/discover')).toMatchObject({ capabilities: { completions: {} } });
    const { capabilities } = await createTestClient(new OdinServer({ name: 'x', version: '1' })).request(
      'server/discover',
    );
    expect(capabilities).not.toHaveProperty('completions');
  });
});

describe('pages of lists', () => {
  it('begin anew with an empty cursor, whatever was listed before', async () => {
    const odin = new OdinServer({ name: 'x', version: '1', pageSize: 1 });
    for (const name of ['a', 'b']) odin.tool({ name }, () => 1);
    const client = createTestClient(odin);
    const first = await client.request('tools/list', { cursor: '' });
    expect(first).toMatchObject({ tools: [{ name: 'a' }] });
    expect(await client.request('tools/list')).toEqual(first);
  });

  it('are walked with nextCursor; a foreign cursor is refused', async () => {
    const odin = new OdinServer({ name: 'x', version: '1', pageSize: 2 });
    for (const name of ['a', 'b', 'c']) odin.tool({ name }, () => 1);
    const client = createTestClient(odin);
    const first = await client.request('tools/list');
    expect(first).toMatchObject({ tools: [{ name: 'a' }, { name: 'b' }], nextCursor: expect.any(String) });
    const second = await client.request('tools/list', { cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ tools: [{ name: 'c' }] });
    expect(second).not.toHaveProperty('nextCursor');
    await expect(client.request('tools/list', { cursor: 'nonsense' })).rejects.toMatchObject({ rpcCode: -32602 });
    await expect(client.request('tools/list', { cursor: 5 })).rejects.toMatchObject({ rpcCode: -32602 });
  });
});

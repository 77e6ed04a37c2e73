import { describe, expect, it } from 'vitest';
import { RpcError } from '../src/errors.ts';
import { createFixture, messageOf, modernRequest } from './fixture.ts';

describe('what a handler throws', () => {
  it('is masked: the client gets a reference, the log has the text beside it', async () => {
    const { odin, ran, logged } = createFixture();
    const text = await (await odin.fetch(modernRequest('tools/call', { name: 'boom' }))).text();
    expect(ran).toEqual(['boom']);
    expect(text).not.toContain('hunter2');
    const reference = /Reference: ([0-9a-f-]{36})/.exec(text)?.[1];
    expect(logged).toMatchObject([
      { message: 'a handler failed', fields: { reference, method: 'tools/call', target: 'boom' } },
    ]);
    expect(messageOf(logged[0])).toContain('hunter2');
  });

  it('reaches the client when it is a ToolError', async () => {
    const { odin, logged } = createFixture();
    const response = await odin.fetch(modernRequest('tools/call', { name: 'sorry' }));
    expect(await response.json()).toMatchObject({ result: { isError: true, content: [{ text: 'No such account' }] } });
    expect(logged).toEqual([]);
  });

  it.each([['a string'], [null], [undefined], [Object.freeze({ secret: 1 })], [Symbol('x')]])(
    'may be anything: %s',
    async (thrown) => {
      const { odin } = createFixture();
      odin.tool({ name: 'odd' }, () => {
        throw thrown;
      });
      const response = await odin.fetch(modernRequest('tools/call', { name: 'odd' }));
      expect(await response.json()).toMatchObject({
        result: { isError: true, content: [{ text: expect.stringMatching(/^Internal error\. Reference: /) }] },
      });
    },
  );
});

describe('what a handler returns or throws that has no JSON text', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const trap = (): never => {
    throw new Error('hunter2');
  };
  const trapped = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });

  it.each([[{ content: [circular] }], [{ content: [{ type: 'text', text: 1n }] }], [trapped], [{ toJSON: trap }]])(
    'is masked like any error of a handler (returned, %#)',
    async (value) => {
      const { odin, logged } = createFixture();
      odin.tool({ name: 'odd' }, () => value);
      const response = await odin.fetch(modernRequest('tools/call', { name: 'odd' }));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        id: 1,
        result: { isError: true, content: [{ text: expect.stringMatching(/^Internal error\. Reference: /) }] },
      });
      expect(logged).toHaveLength(1);
    },
  );

  it('is masked also when middleware throws it, or an RpcError carries it', async () => {
    for (const thrown of [trapped, new RpcError(-32_000, 'x', circular)]) {
      const { odin } = createFixture();
      odin.use(() => {
        throw thrown;
      });
      const response = await odin.fetch(modernRequest('tools/list'));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        id: 1,
        error: { message: expect.stringMatching(/^Internal error/) },
      });
    }
  });

  it('ends no process when it is said without being awaited', async () => {
    const { odin } = createFixture();
    odin.tool({ name: 'careless' }, (context) => {
      void context.log.error(circular);
      void context.progress(1n as unknown as number);
      return 'said';
    });
    const meta = { progressToken: 1, 'io.modelcontextprotocol/logLevel': 'debug' };
    const response = await odin.fetch(modernRequest('tools/call', { name: 'careless' }, { meta }));
    expect(await response.json()).toMatchObject({ result: { content: [{ text: 'said' }] } });
  });
});

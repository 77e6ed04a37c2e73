import { describe, expect, test } from 'vitest';
import { AsgardError, ScopeMissingError } from '../../src/errors.ts';
import { run } from '../../src/program.ts';
import { createMemoryIo, RUNNING } from '../memory-io.ts';

const running = { disk: RUNNING, processes: [77] };

test('calls the running server as a signed-in user', async () => {
  const io = createMemoryIo(running);
  expect(await run(['call', 'stock', 'item=iron', 'count=2', '--user', 'thor', '--timeout', '5'], io)).toBe(0);
  expect(io.connections[0]).toMatchObject({ url: 'http://localhost:7999/mcp', token: 'token-of-thor' });
  expect(io.calls).toEqual([{ name: 'stock', args: { item: 'iron', count: 2 }, timeoutMs: 5000 }]);
  expect(io.printed).toEqual({ out: 'done\n', err: '' });
});

test('prints progress on stderr as it comes, the result on stdout', async () => {
  const io = createMemoryIo({
    ...running,
    callTool: async (_, { onProgress }) => {
      onProgress({ progress: 1, total: 5, message: 'heat' });
      onProgress({ progress: 2 });
      return { content: [{ type: 'text', text: 'One axe' }, { type: 'image' }] };
    },
  });
  expect(await run(['call', 'forge'], io)).toBe(0);
  expect(io.printed).toEqual({ out: 'One axe\n[image]\n', err: '1/5 heat\n2\n' });
});

test('a structured result is one line of JSON; --json is the whole result', async () => {
  const result = { content: [{ type: 'text', text: 'long' }], structuredContent: { count: 3 } };
  const io = createMemoryIo({ ...running, callTool: async () => result });
  await run(['call', 'stock'], io);
  expect(io.printed.out).toBe('{"count":3}\n');
  io.printed.out = '';
  await run(['call', 'stock', '--json'], io);
  expect(JSON.parse(io.printed.out)).toEqual(result);
});

test('a tool error goes to stderr: exit 1', async () => {
  const io = createMemoryIo({
    ...running,
    callTool: async () => ({ isError: true, content: [{ type: 'text', text: 'too hot' }] }),
  });
  expect(await run(['call', 'forge'], io)).toBe(1);
  expect(io.printed).toEqual({ out: '', err: 'too hot\n' });
});

describe('which tools there are', () => {
  const tools = [
    {
      name: 'forge',
      description: 'Forge an item.\nSlowly.',
      inputSchema: {
        properties: { item: { type: 'string' }, size: { enum: ['s', 'l'] }, tags: { type: 'array' }, any: true },
        required: ['item'],
      },
    },
    { name: 'rest', inputSchema: { type: 'object' } },
  ];

  test('is listed without the name of one, with the arguments of each', async () => {
    const io = createMemoryIo({ ...running, tools });
    expect(await run(['call', '--user', 'thor'], io)).toBe(0);
    expect(io.printed.out).toBe('forge item=string [size=s|l] [tags=json] [any=value]  Forge an item.\nrest\n');
    expect(io.connections[0]).toMatchObject({ token: 'token-of-thor' });
    io.printed.out = '';
    expect(await run(['call', '--json'], io)).toBe(0);
    expect(JSON.parse(io.printed.out)).toEqual({ ok: true, tools });
    const none = createMemoryIo(running);
    expect(await run(['call'], none)).toBe(0);
    expect(none.printed).toEqual({
      out: '',
      err: 'The server offers this user no tool. With more scopes it may: --scope SCOPE\n',
    });
  });

  test('is said when the one that is called is not among them', async () => {
    const cause = Object.assign(new Error('not found'), { code: -32602 });
    const callTool = () => Promise.reject(new AsgardError('call_failed', 'Tool forgee not found (-32602)', { cause }));
    const io = createMemoryIo({ ...running, tools, callTool });
    expect(await run(['call', 'forgee'], io)).toBe(1);
    expect(io.printed.err).toBe('asgard: There is no tool "forgee". Tools: forge, rest.\n');
    io.printed.err = '';
    expect(await run(['call', 'forge'], io)).toBe(1);
    expect(io.printed.err).toBe('asgard: Tool forgee not found (-32602)\n');
    const many = Array.from({ length: 25 }, (_, index) => ({ name: `t${index}`, inputSchema: {} }));
    const other = createMemoryIo({ ...running, tools: many, callTool });
    await run(['call', 'x'], other);
    expect(other.printed.err).toMatch(/t18, t19, and 5 more\.\n$/);
  });
});

describe('another server', () => {
  test('is called with the token that is given', async () => {
    const io = createMemoryIo({ env: { ASGARD_TOKEN: 'abc' } });
    expect(await run(['call', 't', '--url', 'https://mcp.example.com/mcp'], io)).toBe(0);
    expect(io.connections[0]).toMatchObject({ url: 'https://mcp.example.com/mcp', token: 'abc' });
    expect(io.signIns).toEqual([]);
  });

  test('that asks for a token gets that of a sign-in in the browser', async () => {
    const io = createMemoryIo({ needsToken: true });
    expect(await run(['call', 't', '--url', 'https://mcp.example.com/mcp'], io)).toBe(0);
    expect(io.connections.map(({ token }) => token)).toEqual([undefined, 'browser-token']);
    expect(io.browserSignIns).toEqual(['https://mcp.example.com/mcp']);
  });

  test('never gets the token of a development user', async () => {
    const io = createMemoryIo(running);
    await run(['call', 't', '--url', 'https://mcp.example.com/mcp'], io);
    expect(io.connections[0]?.token).toBeUndefined();
    expect(await run(['call', 't', '--url', 'https://mcp.example.com/mcp', '--user', 'thor'], io)).toBe(2);
    expect(io.printed.err).toContain('--user is for the server under asgard dev');
  });
});

describe('scopes', () => {
  const missing = () => Promise.reject(new ScopeMissingError('It wants the scope x.', ['mcp:admin', 'mcp:read']));

  test('that are missing are named with the command that asks for them: exit 1', async () => {
    const io = createMemoryIo({ ...running, callTool: missing });
    const words = ['call', 'forge', 'item=big axe', '--user', 'thor', '--scope', 'mcp:tools'];
    expect(await run(words, io)).toBe(1);
    expect(io.printed.err).toBe(
      "asgard: It wants the scope x. Ask for it: npx asgard call forge 'item=big axe' --user thor" +
        ' --scope mcp:tools --scope mcp:admin --scope mcp:read\n',
    );
  });

  test('of a token that was given are a matter of that token', async () => {
    const io = createMemoryIo({ ...running, callTool: missing });
    expect(await run(['call', 'forge', '--token', 'abc'], io)).toBe(1);
    expect(io.printed.err).toContain('Pass a --token that has it.');
  });

  test('are asked for at the running issuer, whatever ASGARD_TOKEN says', async () => {
    const io = createMemoryIo({ ...running, env: { ASGARD_TOKEN: 'weak' } });
    expect(await run(['call', 't', '--scope', 'mcp:admin'], io)).toBe(0);
    expect(io.signIns).toMatchObject([{ username: 'freya', scopes: ['mcp:admin'] }]);
    expect(io.connections[0]?.token).toBe('token-of-freya');
  });

  test('are asked for in the browser before another server is called', async () => {
    const io = createMemoryIo({ needsToken: true });
    expect(await run(['call', 't', '--url', 'https://mcp.example.com/mcp', '--scope', 'a', '--scope', 'b'], io)).toBe(
      0,
    );
    expect(io.browserSignIns).toEqual(['https://mcp.example.com/mcp a b']);
    expect(io.connections.map(({ token }) => token)).toEqual(['browser-token']);
  });

  test('and a token exclude each other: exit 2', async () => {
    expect(await run(['call', 't', '--token', 'abc', '--scope', 'a'], createMemoryIo(running))).toBe(2);
  });
});

test.each([
  ['timed_out', 4],
  ['connect_failed', 1],
  ['call_failed', 1],
  ['cancelled', 130],
] as const)('%s: exit %i', async (code, exitCode) => {
  const io = createMemoryIo({ ...running, callTool: () => Promise.reject(new AsgardError(code, 'Because.')) });
  expect(await run(['call', 't'], io)).toBe(exitCode);
  expect(io.printed.err).toBe('asgard: Because.\n');
});

test('bad words are refused before anything is contacted', async () => {
  const io = createMemoryIo(running);
  expect(await run(['call', 't', 'iron'], io)).toBe(2);
  expect(await run(['call', 't', '--url', 'not a url'], io)).toBe(2);
  expect(await run(['call', 't', '--url', 'localhost:7999/mcp'], io)).toBe(2);
  expect(io.printed.err).toContain('--url localhost:7999/mcp is not a URL such as https://');
  expect(io.connections).toEqual([]);
  expect(io.signIns).toEqual([]);
});

import { expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { createMemoryIo, RUNNING } from '../memory-io.ts';

test('prints the token of the first user and nothing else', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['token'], io)).toBe(0);
  expect(io.printed).toEqual({ out: 'token-of-freya\n', err: '' });
  expect(io.signIns).toEqual([
    {
      issuer: 'http://localhost:7999/heimdall/realms/asgard',
      mcpUrl: 'http://localhost:7999/mcp',
      username: 'freya',
      password: 'cats',
      scopes: [],
    },
  ]);
});

test('prints the token of the named user, from a folder inside the project', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77], cwd: '/desk/src/deep' });
  expect(await run(['token', '--user', 'thor'], io)).toBe(0);
  expect(io.printed.out).toBe('token-of-thor\n');
});

test.each([
  ['nothing runs', {}, 1, 'No "asgard dev" runs for /desk. Start it in another terminal: npx asgard dev'],
  ['it was killed and left its file', { disk: RUNNING }, 1, 'No "asgard dev" runs'],
  [
    'its file is half written',
    { disk: { '/desk/.asgard/dev.json': '{"pid":' }, processes: [77] },
    1,
    'No "asgard dev" runs',
  ],
])('when %s: exit 1 and what to do', async (_, options, exitCode, message) => {
  const io = createMemoryIo(options);
  expect(await run(['token'], io)).toBe(exitCode);
  expect(io.printed.err).toContain(message);
});

test('an unknown user: exit 2 and the list', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['token', '--user', 'loki'], io)).toBe(2);
  expect(io.printed.err).toBe('asgard: There is no user "loki". Users: freya, thor.\n');
});

test('a refused sign-in: exit 1 with the reason', async () => {
  const signIn = () => Promise.reject(new Error('wrong password'));
  const io = createMemoryIo({ disk: RUNNING, processes: [77], signIn });
  expect(await run(['token'], io)).toBe(1);
  expect(io.printed.err).toContain(
    'Could not sign in as freya at http://localhost:7999/heimdall/realms/asgard: wrong password',
  );
});

test('asks for the scopes that are named', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['token', '--scope', 'mcp:write', '-s', 'mcp:read', '--json'], io)).toBe(0);
  expect(io.signIns).toMatchObject([{ scopes: ['mcp:write', 'mcp:read'] }]);
  expect(JSON.parse(io.printed.out)).toEqual({ ok: true, token: 'token-of-freya' });
  expect(await run(['token', '--url', 'https://mcp.example.com/mcp', '--scope', 'mcp:write'], io)).toBe(0);
  expect(io.browserSignIns).toEqual(['https://mcp.example.com/mcp mcp:write']);
});

test.each(['a b', '', 'a"b', 'a\u0007'])('%j is not a scope: exit 2', async (scope) => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['token', '--scope', scope], io)).toBe(2);
  expect(io.printed.err).toContain('is not a scope');
  expect(io.signIns).toEqual([]);
});

test('for another server: by the browser', async () => {
  const io = createMemoryIo();
  expect(await run(['token', '--url', 'https://mcp.example.com/mcp'], io)).toBe(0);
  expect(io.printed).toEqual({ out: 'browser-token\n', err: '' });
  expect(io.browserSignIns).toEqual(['https://mcp.example.com/mcp']);
  expect(await run(['token', '--url', 'x'], io)).toBe(2);
  expect(await run(['token', '--url', 'https://mcp.example.com/mcp', '--user', 'thor'], io)).toBe(2);
});

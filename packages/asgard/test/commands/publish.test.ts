import { expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { createMemoryIo, RUNNING } from '../memory-io.ts';

const gripUrl = 'tcp://127.0.0.1:5562?verify-key=k';

test('publishes to the proxy of the running server', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['publish', 'resource', 'note://today'], io)).toBe(0);
  expect(await run(['publish', 'tools'], io)).toBe(0);
  expect(io.published).toMatchObject([
    { change: { kind: 'resource', uri: 'note://today' }, gripUrl, server: 'http://localhost:7999/mcp' },
    { change: { kind: 'tools' } },
  ]);
  expect(io.printed.out).toBe('');
});

test('--json says what was published', async () => {
  const io = createMemoryIo({ disk: RUNNING, processes: [77] });
  expect(await run(['publish', 'tools', '--json'], io)).toBe(0);
  expect(io.printed.err).toBe('');
  expect(JSON.parse(io.printed.out)).toEqual({
    ok: true,
    server: 'http://localhost:7999/mcp',
    change: { kind: 'tools' },
  });
});

test('publishes where GRIP_URL says, for the server that is named', async () => {
  const env = { GRIP_URL: 'tcp://hermod:5562', ASGARD_URL: 'https://mcp.example.com/mcp' };
  const io = createMemoryIo({ env });
  expect(await run(['publish', 'prompts'], io)).toBe(0);
  expect(await run(['publish', 'prompts', '--server', 'https://other.example.com/mcp'], io)).toBe(0);
  expect(io.published).toMatchObject([
    { gripUrl: env.GRIP_URL, server: env.ASGARD_URL },
    { server: 'https://other.example.com/mcp' },
  ]);
});

test.each([
  [['resource'], 2, 'Name the resource'],
  [['resource', 'today'], 2, '"today" is not a URI'],
  [['tools', 'x://y'], 2, 'has no URI'],
  [['nodes'], 2, 'which is one of resource, tools, prompts, resources.'],
  [['tools'], 1, 'No "asgard dev" runs'],
])('%j is refused', async (args, exitCode, message) => {
  const io = createMemoryIo();
  expect(await run(['publish', ...args], io)).toBe(exitCode);
  expect(io.printed.err).toContain(message);
  expect(io.published).toEqual([]);
});

test('GRIP_URL without the server it is for: exit 2', async () => {
  const io = createMemoryIo({ env: { GRIP_URL: 'tcp://hermod:5562' } });
  expect(await run(['publish', 'tools'], io)).toBe(2);
  expect(io.printed.err).toContain('--server URL or ASGARD_URL');
});

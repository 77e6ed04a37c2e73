import { expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { createMemoryIo, RUNNING } from '../memory-io.ts';

const running = { disk: RUNNING, processes: [77], nodeVersion: '22.19.0' };

test('starts the Inspector on the running server, or on the URL that is given', async () => {
  const io = createMemoryIo(running);
  expect(await run(['inspect'], io)).toBe(0);
  expect(await run(['inspect', '--url', 'https://mcp.example.com/mcp'], io)).toBe(0);
  const command = 'npx --yes @modelcontextprotocol/inspector --transport http --server-url';
  expect(io.executed).toEqual([`${command} http://localhost:7999/mcp`, `${command} https://mcp.example.com/mcp`]);
});

test.each([
  ['Node is too old for it', { ...running, nodeVersion: '20.19.0' }, [], 3, 'needs Node 22 or later; this is 20.19.0'],
  ['nothing runs', { nodeVersion: '22.19.0' }, [], 1, 'No "asgard dev" runs'],
  ['the URL is none', running, ['--url', 'x'], 2, '--url x is not a URL'],
])('when %s nothing is started', async (_, options, args, exitCode, message) => {
  const io = createMemoryIo(options);
  expect(await run(['inspect', ...args], io)).toBe(exitCode);
  expect(io.printed.err).toContain(message);
  expect(io.executed).toEqual([]);
});

test('says when npx is not there, and fails when the Inspector does', async () => {
  const missing = createMemoryIo({ ...running, exitCode: 127 });
  expect(await run(['inspect'], missing)).toBe(3);
  expect(missing.printed.err).toContain('npx was not found');
  expect(await run(['inspect'], createMemoryIo({ ...running, exitCode: 9 }))).toBe(1);
});

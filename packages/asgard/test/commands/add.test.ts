import { expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { createMemoryIo } from '../memory-io.ts';

const SERVER =
  "import { OdinServer } from '@asgard/odin';\n\nexport const odin = new OdinServer({ name: 'x', version: '1' });\n";

test('writes the part and its test, registers it, and prints the three files', async () => {
  const io = createMemoryIo({ disk: { '/desk/src/main.ts': SERVER }, cwd: '/desk/src' });
  expect(await run(['add', 'tool', 'forge'], io)).toBe(0);
  expect(io.printed).toEqual({ out: 'src/tools/forge.ts\ntest/tools/forge.test.ts\nsrc/main.ts\n', err: '' });
  expect(io.disk.get('/desk/src/tools/forge.ts')).toContain('export const forgeTool = defineTool(');
  expect(io.disk.get('/desk/test/tools/forge.test.ts')).toContain("from '../../src/tools/forge.ts'");
  expect(io.disk.get('/desk/src/main.ts')).toContain('odin.register(forgeTool);');
});

test('--json names them in one object', async () => {
  const io = createMemoryIo({ disk: { '/desk/src/main.ts': SERVER } });
  expect(await run(['add', 'prompt', 'toast', '--json'], io)).toBe(0);
  expect(JSON.parse(io.printed.out)).toEqual({
    ok: true,
    files: ['src/prompts/toast.ts', 'test/prompts/toast.test.ts', 'src/main.ts'],
  });
});

test.each([
  [
    'a file is in the way',
    { '/desk/src/main.ts': SERVER, '/desk/src/tools/forge.ts': '' },
    1,
    'src/tools/forge.ts is there already.',
  ],
  ['no file makes a server', { '/desk/src/main.ts': 'main();' }, 1, 'Neither src/server.ts nor src/main.ts has'],
])('when %s nothing is written', async (_, disk, exitCode, message) => {
  const io = createMemoryIo({ disk });
  const before = new Map(io.disk);
  expect(await run(['add', 'tool', 'forge'], io)).toBe(exitCode);
  expect(io.printed.err).toContain(message);
  expect(io.disk).toEqual(before);
});

test('an unknown kind: exit 2 and the list', async () => {
  const io = createMemoryIo();
  expect(await run(['add', 'agent', 'x'], io)).toBe(2);
  expect(io.printed.err).toContain("'agent' cannot be <what>, which is one of tool, resource, prompt.");
});

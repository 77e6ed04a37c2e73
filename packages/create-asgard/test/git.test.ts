import { expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { createMemoryIo } from './memory-io.ts';

test('in a repository makes no second one', async () => {
  const io = createMemoryIo();
  await run(['app', '--yes', '--no-install'], io);
  expect(io.executed).toEqual(['/desk/app$ git rev-parse --is-inside-work-tree']);
});

test('stands although git failed: exit 0 and a warning', async () => {
  const io = createMemoryIo({
    exitCodes: { 'git rev-parse --is-inside-work-tree': 128, 'git init --quiet': 1 },
  });
  expect(await run(['app', '--yes', '--no-install'], io)).toBe(0);
  expect(io.printed.err).toContain('git init failed. Repeat it in the folder: git init --quiet');
});

test('stands although git knows nobody to commit as: what to tell it', async () => {
  const commit = 'git commit --quiet --message Start from create-asgard';
  const exitCodes = {
    'git rev-parse --is-inside-work-tree': 128,
    'git var GIT_COMMITTER_IDENT': 128,
    [commit]: 128,
  };
  const io = createMemoryIo({ exitCodes });
  expect(await run(['app', '--yes', '--no-install'], io)).toBe(0);
  expect(io.printed.err).toMatch(/git does not know who you are.*user\.email.*git commit --quiet/);
  const other = createMemoryIo({ exitCodes: { ...exitCodes, 'git var GIT_COMMITTER_IDENT': 0 } });
  await run(['app', '--yes', '--no-install'], other);
  expect(other.printed.err).toContain('git commit failed.');
});

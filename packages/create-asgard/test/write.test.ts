import { expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { createMemoryIo, listDesk } from './memory-io.ts';

const QUICK = ['app', '--yes', '--no-install', '--no-git'];

test('Ctrl-C in the middle leaves nothing', async () => {
  const io = createMemoryIo({ onWrite: (path, self) => path.endsWith('README.md') && self.interrupt() });
  expect(await run(QUICK, io)).toBe(130);
  expect(io.printed.err).toBe('create-asgard: Cancelled, nothing was created.\n');
  expect(listDesk(io)).toEqual([]);
});

test('a full disk leaves nothing, not even the parents it made', async () => {
  const io = createMemoryIo({
    onWrite: (path) => {
      if (path.endsWith('package.json')) throw new Error('ENOSPC: no space left on device');
    },
  });
  expect(await run(['a/b/app', '--yes', '--no-install', '--no-git'], io)).toBe(1);
  expect(io.printed.err).toContain('nothing is left behind: ENOSPC');
  expect(listDesk(io)).toEqual([]);
});

test('a folder that is not ours is named, not the draft in it', async () => {
  const io = createMemoryIo({
    onWrite: (path) => {
      throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), {
        code: 'EACCES',
        path: '/desk/.create-asgard-draft',
      });
    },
  });
  expect(await run(QUICK, io)).toBe(1);
  expect(io.printed.err).toBe(
    'create-asgard: Could not write the project, nothing is left behind: /desk is not yours to write in (EACCES).\n',
  );
});

test('an empty folder and harmless files are fine, and the own README stays', async () => {
  const io = createMemoryIo({ disk: { '/desk/app/.git/HEAD': 'ref', '/desk/app/README.md': 'mine' } });
  expect(await run(QUICK, io)).toBe(0);
  expect(io.disk.get('/desk/app/README.md')).toBe('mine');
  expect(io.disk.get('/desk/app/.git/HEAD')).toBe('ref');
  expect(io.disk.get('/desk/app/src/main.ts')).toBe('main();\n');
  expect(listDesk(io).filter((path) => path.includes('.create-asgard'))).toEqual([]);
});

test('--overwrite replaces files of the same name and leaves the others', async () => {
  const io = createMemoryIo({
    disk: { '/desk/app/src/main.ts': 'old', '/desk/app/notes.txt': 'mine', '/desk/app/.git/HEAD': 'ref' },
  });
  expect(await run([...QUICK, '--overwrite'], io)).toBe(0);
  expect(io.disk.get('/desk/app/src/main.ts')).toBe('main();\n');
  expect(io.disk.get('/desk/app/notes.txt')).toBe('mine');
  expect(io.disk.get('/desk/app/.git/HEAD')).toBe('ref');
});

test('--overwrite that fails half-way puts the old files back', async () => {
  const disk = { '/desk/app/package.json': 'old', '/desk/app/src/main.ts': 'old' };
  const io = createMemoryIo({ disk });
  const { move } = io.files;
  Object.assign(io.files, {
    move: async (from: string, to: string) => {
      if (to === '/desk/app/src/main.ts' && from.includes('draft/src')) throw new Error('EACCES');
      await move(from, to);
    },
  });
  expect(await run([...QUICK, '--overwrite'], io)).toBe(1);
  expect(Object.fromEntries(listDesk(io).map((path) => [path, io.disk.get(path)]))).toEqual({
    '/desk/app': undefined,
    '/desk/app/src': undefined,
    ...disk,
  });
});

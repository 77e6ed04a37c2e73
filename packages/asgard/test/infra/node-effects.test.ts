import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createInfraEffects } from '../../src/infra/node-effects.ts';

const effects = createInfraEffects();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asgard-effects-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('files have the mode that was asked for, also over an old one, in folders of their owner', async () => {
  const path = join(folder, '.asgard', 'secrets.env');
  await effects.files.write(path, 'a', 0o644);
  await effects.files.write(path, 'b', 0o600);
  expect(await effects.files.read(path)).toBe('b');
  expect(await effects.files.mode(path)).toBe(0o600);
  expect((await stat(join(folder, '.asgard'))).mode & 0o777).toBe(0o700);
  expect(await effects.files.read(join(folder, 'none'))).toBeUndefined();
});

test('a program: its exit code, its lines, and whether it is there', async () => {
  const node = (code: string, options = {}) => effects.run(process.execPath, ['-e', code], options);
  expect(await node('console.log("out"); console.error("err"); process.exit(3)')).toEqual({
    exitCode: 3,
    stdout: 'out',
    stderr: 'err',
    missing: false,
  });
  const lines: string[] = [];
  const finished = await node('console.log("a"); console.error("b"); process.exitCode = 2', {
    onLine: (line: string) => lines.push(line),
  });
  expect(lines.sort()).toEqual(['a', 'b']);
  expect(finished.exitCode).toBe(2);
  const echo = 'process.stdin.pipe(process.stdout)';
  expect(await node(echo, { input: 'frejä\r\n\r\nx' })).toMatchObject({ stdout: 'frejä\r\n\r\nx' });
  expect(await node(echo)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await effects.run(join(folder, 'no-such-program'), [])).toMatchObject({ missing: true });
  const abort = new AbortController();
  const running = node('setInterval(() => {}, 1000); console.log("up")', {
    signal: abort.signal,
    onLine: () => abort.abort(),
  });
  expect((await running).exitCode).not.toBe(0);
});

test('a port is free or not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await effects.isPortFree(port, '127.0.0.1')).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await effects.isPortFree(port, '127.0.0.1')).toBe(true);
});

test('tasks run side by side, show themselves on standard error only, and hand their error on', async () => {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    let both = 0;
    const waitForOther = async (): Promise<void> => {
      both += 1;
      while (both < 2) await new Promise((resolve) => setImmediate(resolve));
    };
    await effects.runTasks(
      [
        { title: 'hermod', run: waitForOther },
        { title: 'bifrost', run: waitForOther },
      ],
      'plain',
    );
    expect(err.mock.calls.map(([text]) => String(text)).join('')).toMatch(/hermod[\s\S]*bifrost/);
    expect(out).not.toHaveBeenCalled();
    const failure = new Error('not healthy');
    const tasks = [{ title: 'odin', run: () => Promise.reject(failure) }];
    await expect(effects.runTasks(tasks, 'silent')).rejects.toBe(failure);
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
});

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { buildWithoutEngine } from './dockerfile.ts';
import { execute, type Running, start } from './shell.ts';

/** A newcomer's first minutes with the packages as they are published: create, install, run, call, test, build. */
const { home, env } = inject('newcomer');
const project = join(home, 'my-server');

test('npm create asgard makes and installs a project', async () => {
  const args = ['create', 'asgard', '--yes', '--', 'my-server', '--yes', '--no-git'];
  const { exitCode, stdout, stderr } = await execute('npm', args, {
    cwd: home,
    env: { ...env, npm_config_loglevel: 'warn' },
    limitMs: 240_000,
  });
  expect(stderr).not.toContain('install-scripts');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Made my-server from the decorators template.*\n\n {2}cd my-server\n {2}npm run dev\n$/s);
  const asked = (await (await fetch(`${env.npm_config_registry}-/asked`)).json()) as string[];
  expect(asked).toEqual(expect.arrayContaining(['create-asgard', 'asgard', '@asgard/odin', '@asgard/grip']));
  expect(existsSync(join(project, 'node_modules/.bin/asgard'))).toBe(true);
  expect(readdirSync(home).filter((name) => name.startsWith('.create-asgard'))).toEqual([]);
});

describe('in the project', () => {
  const npm = (...args: string[]) => execute('npm', args, { cwd: project, env });
  const asgard = (...args: string[]) => execute(join(project, 'node_modules/.bin/asgard'), args, { cwd: project, env });

  test('its own tests and types are green', async () => {
    const tested = await npm('test');
    expect(tested.stdout + tested.stderr).toMatch(/Tests .*passed/);
    expect(tested.exitCode).toBe(0);
    expect(await npm('run', 'typecheck')).toMatchObject({ exitCode: 0 });
  });

  test('it builds, and the build answers', async () => {
    expect(await npm('run', 'build')).toMatchObject({ exitCode: 0 });
    const port = await findFreePort();
    const server = start('node', ['dist/main.js'], {
      cwd: project,
      env: { ...env, ASGARD_AUTH: 'none', PORT: String(port) },
      limitMs: 20_000,
    });
    try {
      const called = await untilAnswered(() =>
        asgard('call', 'stock', 'item=iron', '--url', `http://127.0.0.1:${port}/mcp`),
      );
      expect(called.stdout).toBe('{"item":"iron","count":1}\n');
    } finally {
      server.process.kill('SIGTERM');
    }
    expect((await server.finished).exitCode).toBe(0);
  });

  test('what its Dockerfile makes answers, with nothing that only development needs', async () => {
    const { folder, command, environment } = await buildWithoutEngine({ project, home, env });
    expect(existsSync(join(folder, 'node_modules/typescript'))).toBe(false);
    const [program = '', ...args] = command;
    const port = await findFreePort();
    const server = start(program, args, {
      cwd: folder,
      env: { ...env, ...environment, ASGARD_AUTH: 'none', PORT: String(port) },
      limitMs: 20_000,
    });
    try {
      const url = `http://127.0.0.1:${port}/mcp`;
      const called = await untilAnswered(() => asgard('call', 'stock', 'item=iron', '--url', url));
      expect(called.stdout).toBe('{"item":"iron","count":1}\n');
    } finally {
      server.process.kill('SIGTERM');
    }
    expect((await server.finished).exitCode).toBe(0);
  });

  test('without sign-in configured the build refuses to start and says what to set', async () => {
    const { exitCode, stderr } = await execute('node', ['dist/main.js'], { cwd: project, env, limitMs: 20_000 });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ASGARD_ISSUER is not set');
  });

  describe('under asgard dev', () => {
    let dev: Running;
    beforeAll(async () => {
      dev = start(join(project, 'node_modules/.bin/asgard'), ['dev', '--json'], { cwd: project, env });
      const line = await dev.line((text) => /"kind":"(listening|crashed|build-failed)"/.test(text));
      expect(line).toContain('"kind":"listening"');
    });
    afterAll(async () => {
      dev?.process.kill('SIGTERM');
      await dev?.finished;
    });

    test('that is what "npm run dev" runs', () => {
      expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).scripts.dev).toBe('asgard dev');
    });

    test('tools answer a signed-in user, with progress', async () => {
      expect(await asgard('call', 'stock', 'item=iron', 'count=2')).toMatchObject({
        exitCode: 0,
        stdout: '{"item":"iron","count":2}\n',
        stderr: '',
      });
      const forged = await asgard('call', 'forge', 'item=axe', 'stepMs=100', '--user', 'loki');
      expect(forged).toMatchObject({ exitCode: 0, stdout: 'One axe, forged for loki.\n' });
      expect(forged.stderr).toBe('1/5 heat\n2/5 hammer\n3/5 fold\n4/5 quench\n5/5 polish\n');
      const line = JSON.parse(await dev.line((text) => text.includes('"target":"forge"')));
      expect(line.exchange).toMatchObject({ reply: 'held', status: 200, username: 'loki' });
    });

    test('a token comes alone on stdout', async () => {
      const { stdout, stderr, exitCode } = await asgard('token');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      expect(stderr).toBe('');
    });

    test('a saved change is live', async () => {
      const file = join(project, 'src/workshop.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace('`One ', '`A fine '));
      await dev.line((line) => line.includes('"restart":true'));
      expect((await asgard('call', 'forge', 'item=axe', 'stepMs=1')).stdout).toBe('A fine axe, forged for freya.\n');
    });

    test('a wrong call says what is wrong', async () => {
      const wrong = await asgard('call', 'stock', 'item=iron', 'count=0');
      expect(wrong.exitCode).toBe(1);
      expect(wrong.stderr).toContain('count');
      expect(await asgard('call', 'stok')).toMatchObject({ exitCode: 1, stdout: '' });
    });

    test('Ctrl-C ends all of it', async () => {
      const { pid } = JSON.parse(readFileSync(join(project, '.asgard/dev.json'), 'utf8')) as { pid: number };
      const children = listProcesses('--ppid', String(pid));
      expect(children.length).toBeGreaterThan(0);
      process.kill(pid, 'SIGINT');
      expect((await dev.finished).exitCode).toBe(130);
      // The bundler's own process notices by itself that it is alone.
      await expect.poll(() => listProcesses('-p', children.join())).toEqual([]);
      expect(existsSync(join(project, '.asgard/dev.json'))).toBe(false);
      expect(await asgard('token')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('asgard dev') });
    });
  });
});

/** The server needs a moment to listen. */
async function untilAnswered<T extends { exitCode: number | null }>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const result = await attempt();
    if (result.exitCode === 0 || performance.now() > deadline) return result;
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Ids of the processes that run; those that have ended and only wait to be collected do not. */
function listProcesses(...selection: string[]): string[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,stat=', ...selection], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/));
  return rows.flatMap(([pid, state]) => (pid !== undefined && pid !== '' && !state?.startsWith('Z') ? [pid] : []));
}

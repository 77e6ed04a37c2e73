import { describe, expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { createMemoryIo, listDesk } from './memory-io.ts';

const QUICK = ['--yes', '--no-install', '--no-git'];

describe('a new project', () => {
  test('has every file, under its own name', async () => {
    const io = createMemoryIo();
    expect(await run(['app', ...QUICK], io)).toBe(0);
    expect(listDesk(io)).toEqual([
      '/desk/app',
      '/desk/app/.gitignore',
      '/desk/app/AGENTS.md',
      '/desk/app/README.md',
      '/desk/app/asgard.json',
      '/desk/app/package.json',
      '/desk/app/src',
      '/desk/app/src/main.ts',
    ]);
    expect(io.disk.get('/desk/app/README.md')).toBe('# app\n');
    expect(JSON.parse(io.disk.get('/desk/app/package.json') ?? '')).toMatchObject({
      name: 'app',
      allowScripts: { esbuild: true, zeromq: true },
    });
    expect(JSON.parse(io.disk.get('/desk/app/asgard.json') ?? '')).toEqual({
      template: 'decorators',
      templateVersion: '0.1.0',
      cliVersion: '0.1.0',
    });
  });

  test('ends with the commands to paste, for the package manager that started it', async () => {
    const io = createMemoryIo({ env: { npm_config_user_agent: 'pnpm/10.1.0 npm/? node/v20.19.0 linux x64' } });
    await run(['app', ...QUICK], io);
    expect(io.printed.out).toMatch(/ {2}cd app\n {2}pnpm install\n {2}pnpm dev\n$/);
  });

  test('quotes a path that a shell would split', async () => {
    const io = createMemoryIo();
    await run(['my things/app', ...QUICK, '--pm', 'npm'], io);
    expect(io.printed.out).toContain("  cd 'my things/app'\n  npm install\n  npm run dev\n");
  });

  test('is installed before it is committed', async () => {
    const io = createMemoryIo({ exitCodes: { 'git rev-parse --is-inside-work-tree': 128 } });
    expect(await run(['app', '--yes', '--pm', 'yarn'], io)).toBe(0);
    expect(io.executed).toEqual([
      '/desk/app$ yarn install',
      '/desk/app$ git rev-parse --is-inside-work-tree',
      '/desk/app$ git init --quiet',
      '/desk/app$ git add --all',
      '/desk/app$ git commit --quiet --message Start from create-asgard',
    ]);
    expect(io.printed.out).not.toContain('install');
  });

  test('is installed from the cache with --offline, by a package manager that can', async () => {
    const io = createMemoryIo();
    expect(await run(['app', '--yes', '--no-git', '--offline', '--pm', 'pnpm'], io)).toBe(0);
    expect(io.executed).toEqual(['/desk/app$ pnpm install --offline']);
    const refused = createMemoryIo();
    expect(await run(['app', '--yes', '--no-git', '--offline', '--pm', 'bun'], refused)).toBe(2);
    expect(refused.printed.err).toContain('bun cannot install offline. Use --pm npm or --pm pnpm.');
    expect(listDesk(refused)).toEqual([]);
  });

  test('stands although the install failed: exit 1 and the command to repeat', async () => {
    const io = createMemoryIo({ exitCodes: { 'npm install': 1 } });
    expect(await run(['app', '--yes', '--no-git'], io)).toBe(1);
    expect(io.disk.has('/desk/app/package.json')).toBe(true);
    expect(io.printed.err).toContain('"npm install" failed. The project is complete; run "npm install" in it.');
    expect(io.printed.out).toContain('  npm install\n');
  });

  test('stands when Ctrl-C ends the install: exit 130, and no repository is made', async () => {
    const io = createMemoryIo();
    Object.assign(io, {
      execute: async (command: string) => {
        io.executed.push(command);
        io.interrupt();
        return 1;
      },
    });
    expect(await run(['app', '--yes'], io)).toBe(130);
    expect(io.executed).toEqual(['npm']);
    expect(io.disk.has('/desk/app/package.json')).toBe(true);
    expect(io.printed.out).toContain('  npm install\n');
  });

  test('in the working folder takes its name as far as npm does', async () => {
    const io = createMemoryIo({ cwd: '/desk/My Project' });
    expect(await run(['.', ...QUICK], io)).toBe(0);
    expect(JSON.parse(io.disk.get('/desk/My Project/package.json') ?? '')).toMatchObject({ name: 'my-project' });
  });

  test('takes the name my-server with --yes alone', async () => {
    const io = createMemoryIo();
    expect(await run(QUICK, io)).toBe(0);
    expect(io.disk.has('/desk/my-server/package.json')).toBe(true);
  });

  test('leaves AGENTS.md out on request', async () => {
    const io = createMemoryIo();
    await run(['app', ...QUICK, '--no-agents'], io);
    expect(io.disk.has('/desk/app/AGENTS.md')).toBe(false);
  });
});

describe('refusals: one line, an exit code, nothing written', () => {
  test.each([
    [
      'unknown template',
      ['app', '--template', 'decorator'],
      2,
      'There is no template "decorator". Did you mean decorators? Templates: decorators, minimal.',
    ],
    ['unknown flag', ['app', '--templat', 'x'], 2, "Unknown option '--templat' (Did you mean --template?)"],
    ['unknown package manager', ['app', '--pm', 'npx'], 2, 'Allowed choices are npm, pnpm, yarn, bun.'],
    [
      'bad name',
      ['My App'],
      2,
      '"My App" cannot be the name of a package: it has capital letters, it has characters other than letters, digits, dots, dashes and underscores. Try my-app.',
    ],
    ['reserved name', ['fs'], 2, '"fs" cannot be the name of a package: the name is reserved. Try my-server.'],
    ['empty name', [''], 2, '"" cannot be the name of a package: it is empty.'],
    ['no folder named', [], 2, 'Name the folder: create-asgard my-server'],
    ['stray word', ['app', 'minimal'], 2, 'With npm, flags come after --: npm create asgard app -- --template NAME'],
  ])('%s', async (_, args, exitCode, message) => {
    const io = createMemoryIo();
    expect(await run([...args, '--no-install', '--no-git'], io)).toBe(exitCode);
    expect(io.printed.err).toContain(message);
    expect(io.printed.err.trim().split('\n')).toHaveLength(1);
    expect(io.printed.out).toBe('');
    expect(listDesk(io)).toEqual([]);
  });

  test('flags that npm took for itself', async () => {
    const io = createMemoryIo({ env: { npm_config_template: 'true', npm_config_install: '' } });
    expect(await run(['app', 'minimal'], io)).toBe(2);
    expect(io.printed.err).toContain(
      'npm kept --template, --no-install for itself. Put -- before the flags: npm create asgard app -- --template minimal --no-install',
    );
  });

  test('a folder with something in it', async () => {
    const io = createMemoryIo({ disk: { '/desk/app/index.js': '1', '/desk/app/.git/HEAD': 'x' } });
    expect(await run(['app', ...QUICK], io)).toBe(1);
    expect(io.printed.err).toBe(
      'create-asgard: app is not empty: index.js. Choose another folder or pass --overwrite.\n',
    );
    expect(io.disk.size).toBe(
      createMemoryIo({ disk: { '/desk/app/index.js': '1', '/desk/app/.git/HEAD': 'x' } }).disk.size,
    );
  });

  test('a file of that name', async () => {
    const io = createMemoryIo({ disk: { '/desk/app': 'text' } });
    expect(await run(['app', ...QUICK], io)).toBe(1);
    expect(io.printed.err).toContain('/desk/app is a file.');
  });

  test('a Node that is too old', async () => {
    const io = createMemoryIo({ nodeVersion: '20.18.9' });
    expect(await run(['app', ...QUICK], io)).toBe(3);
    expect(io.printed.err).toContain('Asgard needs Node 20.19 or later; this is 20.18.9.');
  });
});

describe('machine output', () => {
  test('--json is one object with the files and their sizes', async () => {
    const io = createMemoryIo();
    expect(await run(['app', ...QUICK, '--json'], io)).toBe(0);
    const result = JSON.parse(io.printed.out);
    expect(result).toMatchObject({ ok: true, directory: '/desk/app', template: 'decorators', installed: false });
    expect(result.files).toContainEqual({ path: '.gitignore', bytes: 14 });
  });

  test('--json says why not', async () => {
    const io = createMemoryIo();
    expect(await run(['app', '--template', 'nothing-like-it', '--json'], io)).toBe(2);
    expect(JSON.parse(io.printed.out)).toMatchObject({ ok: false, error: { code: 'template_unknown' } });
  });

  test('--dry-run writes nothing', async () => {
    const io = createMemoryIo();
    expect(await run(['app', '--dry-run'], io)).toBe(0);
    expect(io.printed.out).toContain('Would write 6 files into /desk/app:');
    expect(listDesk(io)).toEqual([]);
    expect(io.executed).toEqual([]);
  });

  test('--list-templates, --version, --help', async () => {
    const io = createMemoryIo();
    expect(await run(['--list-templates'], io)).toBe(0);
    expect(io.printed.out).toBe('decorators  A class.\nminimal  One file.\n');
    expect(await run(['--version'], io)).toBe(0);
    expect(io.printed.out).toMatch(/0\.1\.0\n$/);
    expect(await run(['--help'], io)).toBe(0);
    expect(io.printed.out).toContain('--list-templates');
  });
});

describe('questions', () => {
  test('are asked on a terminal, only for what is not said', async () => {
    const io = createMemoryIo({ tty: true, answers: { directory: 'asked', template: 'minimal', install: false } });
    expect(await run(['--no-git'], io)).toBe(0);
    expect(io.asked.map((question) => question.name)).toEqual(['directory', 'template', 'install']);
    expect(io.disk.has('/desk/asked/package.json')).toBe(true);
    const second = createMemoryIo({ tty: true });
    await run(['app', '--template', 'minimal', '--no-install', '--no-git'], second);
    expect(second.asked).toEqual([]);
  });

  test('judge the name while it is typed', async () => {
    const io = createMemoryIo({ tty: true, answers: { directory: 'ok' } });
    await run(['--no-install', '--no-git'], io);
    const [question] = io.asked;
    expect(question?.kind === 'text' && question.problem('No Way')).toContain('Try no-way.');
    expect(question?.kind === 'text' && question.problem('fine')).toBeUndefined();
  });

  test.each([
    [['--yes'], {}],
    [[], { CI: 'true' }],
    [['--json'], {}],
  ])('are not asked with %j %j', async (args, env) => {
    const io = createMemoryIo({ tty: true, env });
    expect(await run(['app', '--no-install', '--no-git', ...args], io)).toBe(0);
    expect(io.asked).toEqual([]);
  });
});

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

/** The scaffolder as npm would deliver it: packed, unpacked, run as a process. */
const root = mkdtempSync(join(tmpdir(), 'create-asgard-'));
const bin = join(root, 'package/dist/bin.js');
const env = { PATH: process.env.PATH, HOME: root, npm_config_user_agent: 'npm/11.0.0 node/v20.19.0 linux x64' };
let work: string;
let tarball: string;

beforeAll(async () => {
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], {
    cwd: join(import.meta.dirname, '../../packages/create-asgard'),
  });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  tarball = join(root, packed?.filename ?? '');
  await run('tar', ['-xzf', tarball, '-C', root]);
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach((context) => {
  work = join(root, context.task.id);
  mkdirSync(work);
});

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

function create(...args: string[]): Ended {
  return createWith({}, ...args);
}

function createWith(more: Record<string, string>, ...args: string[]): Ended {
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: work,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 20_000,
  });
}

describe('the tarball', () => {
  test('is small, needs nothing, and carries the templates with their dotfiles', () => {
    expect(statSync(tarball).size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(readFileSync(join(root, 'package/package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    const template = join(root, 'package/templates/decorators');
    expect(readdirSync(template)).toEqual(
      expect.arrayContaining(['_gitignore', '_env.example', 'AGENTS.md', 'src', 'test']),
    );
    const own = JSON.parse(readFileSync(join(template, 'package.json'), 'utf8'));
    expect(own.dependencies['@asgard/odin']).toMatch(/^\^\d/);
    expect(own.devDependencies.asgard).toMatch(/^\^\d/);
  });
});

describe('every template', () => {
  test.each(['decorators', 'minimal', 'organizations'])('%s becomes a whole project', (template) => {
    const { status, stdout } = create('app', '--template', template, '--yes', '--no-install', '--no-git', '--json');
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { path: string }[] };
    const paths = files.map(({ path }) => path);
    const needed = [
      '.dockerignore',
      '.env.example',
      '.gitignore',
      'AGENTS.md',
      'Dockerfile',
      'README.md',
      'package.json',
      'src/main.ts',
      'tsconfig.json',
    ];
    expect(paths).toEqual(expect.arrayContaining(needed));
    expect(paths.some((path) => /^test\/.*\.test\.ts$/.test(path))).toBe(true);
    for (const path of paths) {
      expect(readFileSync(join(work, 'app', path), 'utf8'), path).not.toContain('@asgard-template');
    }
  });
});

describe('with a closed stdin', () => {
  test('makes the folder', () => {
    const started = performance.now();
    const { status, stdout } = create('app', '--yes', '--no-install', '--no-git');
    expect(status).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(existsSync(join(work, 'app/.gitignore'))).toBe(true);
    expect(existsSync(join(work, 'app/src/main.ts'))).toBe(true);
    expect(readdirSync(work)).toEqual(['app']);
    expect(stdout).toMatch(/cd app\n {2}npm install\n {2}npm run dev\n$/);
  });

  test('without --yes and a folder: exit 2, no hang, nothing made', () => {
    const { status, stderr } = create();
    expect(status).toBe(2);
    expect(stderr).toContain('Name the folder');
    expect(readdirSync(work)).toEqual([]);
  });

  test('makes a repository with one commit when git can', () => {
    const { status } = create('app', '--yes', '--no-install');
    expect(status).toBe(0);
    expect(existsSync(join(work, 'app/.git'))).toBe(true);
  });
});

describe('what cannot be done is said before anything is written', () => {
  test.each([
    ['an option that does not exist', ['app', '--yes', '--templat', 'minimal'], 2, /Did you mean --template/],
    ['a template that does not exist', ['app', '--yes', '-t', 'minimol'], 2, /Did you mean minimal\? Templates: /],
    ['a package manager that does not exist', ['app', '--yes', '--pm', 'pip'], 2, /npm, pnpm, yarn, bun/],
    ['a name that npm refuses', ['.hidden', '--yes'], 2, /cannot be the name of a package.* Try hidden\./],
    ['a template where npm ate its flag', ['app', 'minimal', '--yes'], 2, / -- /],
  ])('%s', (_, args, code, message) => {
    const { status, stdout, stderr } = create(...args, '--no-install', '--no-git');
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at .*:\d+:\d+/);
    expect(readdirSync(work)).toEqual([]);
  });

  test('a flag that npm took for itself', () => {
    const { status, stderr } = createWith(
      { npm_config_template: 'minimal' },
      'app',
      '--yes',
      '--no-install',
      '--no-git',
    );
    expect(status).toBe(2);
    expect(stderr).toContain(' -- ');
    expect(readdirSync(work)).toEqual([]);
  });

  test('a folder with something in it: which files; --overwrite replaces those and keeps the repository', () => {
    mkdirSync(join(work, 'app/.git'), { recursive: true });
    for (const [file, text] of [
      ['app/.git/HEAD', 'mine'],
      ['app/LICENSE', 'mine'],
      ['app/package.json', '{}'],
    ] as const) {
      writeFileSync(join(work, file), text);
    }
    const flags = ['app', '--yes', '--no-install', '--no-git'];
    const { status, stderr } = create(...flags);
    expect(status).toBe(1);
    expect(stderr).toContain('package.json');
    expect(stderr).not.toContain('LICENSE');
    expect(readdirSync(join(work, 'app')).sort()).toEqual(['.git', 'LICENSE', 'package.json']);
    expect(create(...flags, '--overwrite').status).toBe(0);
    expect(readFileSync(join(work, 'app/.git/HEAD'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(work, 'app/package.json'), 'utf8')).name).toBe('app');
  });
});

describe('what is said and kept', () => {
  test('the commands to paste, for another package manager and a path that a shell would split', () => {
    mkdirSync(join(work, 'my work'));
    const { stdout } = create('my work/app', '--yes', '--no-install', '--no-git', '--pm', 'pnpm');
    expect(stdout).toMatch(/cd 'my work\/app'\n {2}pnpm install\n {2}pnpm (?:run )?dev\n$/);
  });

  test('a project stands although its install failed: exit 1 and the command to repeat', () => {
    const { status, stderr } = createWith({ PATH: root }, 'app', '--yes', '--no-git');
    expect(status).toBe(1);
    expect(stderr).toContain('npm install');
    expect(existsSync(join(work, 'app/src/main.ts'))).toBe(true);
  });

  test('--dry-run and --list-templates write nothing; --json is one object', () => {
    const planned = JSON.parse(create('app', '--yes', '--dry-run', '--json').stdout);
    expect(planned).toMatchObject({
      ok: true,
      files: expect.arrayContaining([{ path: 'asgard.json', bytes: expect.any(Number) }]),
    });
    expect(create('--list-templates').stdout).toMatch(/^decorators .*\nminimal .*\norganizations .*\n$/);
    const refused = create('app', '--yes', '-t', 'x', '--json');
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'template_unknown' } });
    expect(readdirSync(work)).toEqual([]);
  });

  test('which template and which version a project came from', () => {
    create('app', '--yes', '--no-install', '--no-git', '-t', 'minimal');
    const { version } = JSON.parse(readFileSync(join(root, 'package/package.json'), 'utf8'));
    expect(JSON.parse(readFileSync(join(work, 'app/asgard.json'), 'utf8'))).toMatchObject({
      template: 'minimal',
      cliVersion: version,
    });
  });
});

describe('on a terminal', () => {
  test('asks; Enter takes the offer', async () => {
    const terminal = openTerminal('--no-install --no-git');
    const started = performance.now();
    await terminal.until('Folder of the new project');
    expect(performance.now() - started).toBeLessThan(10_000);
    terminal.child.stdin?.write('\r');
    await terminal.until('organizations: ');
    terminal.child.stdin?.write('\r');
    expect(await terminal.exit).toBe(0);
    expect(existsSync(join(work, 'my-server/src/workshop.ts'))).toBe(true);
  });

  test('Ctrl-C at a question: exit 130, one line, nothing made', async () => {
    const terminal = openTerminal('');
    await terminal.until('Folder of the new project');
    terminal.child.stdin?.write('\x03');
    expect(await terminal.exit).toBe(130);
    expect(terminal.output()).toContain('create-asgard: Cancelled, nothing was created.');
    expect(terminal.output()).not.toMatch(/at .*\.js:\d/);
    expect(readdirSync(work)).toEqual([]);
  });
});

interface Terminal {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
  until(text: string): Promise<void>;
}

/** `script` gives the process a terminal on all three streams and passes its exit code on. */
function openTerminal(args: string): Terminal {
  const child = spawn('script', ['-qec', `${process.execPath} ${bin} ${args}`, '/dev/null'], {
    cwd: work,
    env: { ...env, TERM: 'xterm' },
    timeout: 20_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return {
    child,
    exit: new Promise((resolve) => child.once('exit', resolve)),
    output: () => output,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (output.includes(text)) resolve();
        };
        child.stdout.on('data', check);
        child.once('exit', () => reject(new Error(`The process ended before "${text}": ${output}`)));
        check();
      }),
  };
}

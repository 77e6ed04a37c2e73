import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useScaffolder } from './scaffolder.ts';

const scaffolder = useScaffolder();

describe('the tarball', () => {
  test('is small, needs nothing, and carries the templates with their dotfiles', () => {
    expect(statSync(scaffolder.tarball).size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(readFileSync(join(scaffolder.root, 'package/package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    const template = join(scaffolder.root, 'package/templates/decorators');
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
    const { status, stdout } = scaffolder.create(
      'app',
      '--template',
      template,
      '--yes',
      '--no-install',
      '--no-git',
      '--json',
    );
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
      expect(readFileSync(join(scaffolder.work, 'app', path), 'utf8'), path).not.toContain('@asgard-template');
    }
  });
});

describe('with a closed stdin', () => {
  test('makes the folder', () => {
    const started = performance.now();
    const { status, stdout } = scaffolder.create('app', '--yes', '--no-install', '--no-git');
    expect(status).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(existsSync(join(scaffolder.work, 'app/.gitignore'))).toBe(true);
    expect(existsSync(join(scaffolder.work, 'app/src/main.ts'))).toBe(true);
    expect(readdirSync(scaffolder.work)).toEqual(['app']);
    expect(stdout).toMatch(/cd app\n {2}npm install\n {2}npm run dev\n$/);
  });

  test('without --yes and a folder: exit 2, no hang, nothing made', () => {
    const { status, stderr } = scaffolder.create();
    expect(status).toBe(2);
    expect(stderr).toContain('Name the folder');
    expect(readdirSync(scaffolder.work)).toEqual([]);
  });

  test('makes a repository with one commit when git can', () => {
    const { status } = scaffolder.create('app', '--yes', '--no-install');
    expect(status).toBe(0);
    expect(existsSync(join(scaffolder.work, 'app/.git'))).toBe(true);
  });
});

describe('what is said and kept', () => {
  test('the commands to paste, for another package manager and a path that a shell would split', () => {
    mkdirSync(join(scaffolder.work, 'my work'));
    const { stdout } = scaffolder.create('my work/app', '--yes', '--no-install', '--no-git', '--pm', 'pnpm');
    expect(stdout).toMatch(/cd 'my work\/app'\n {2}pnpm install\n {2}pnpm (?:run )?dev\n$/);
  });

  test('a project stands although its install failed: exit 1 and the command to repeat', () => {
    const { status, stderr } = scaffolder.createWith({ PATH: scaffolder.root }, 'app', '--yes', '--no-git');
    expect(status).toBe(1);
    expect(stderr).toContain('npm install');
    expect(existsSync(join(scaffolder.work, 'app/src/main.ts'))).toBe(true);
  });

  test('--dry-run and --list-templates write nothing; --json is one object', () => {
    const planned = JSON.parse(scaffolder.create('app', '--yes', '--dry-run', '--json').stdout);
    expect(planned).toMatchObject({
      ok: true,
      files: expect.arrayContaining([{ path: 'asgard.json', bytes: expect.any(Number) }]),
    });
    expect(scaffolder.create('--list-templates').stdout).toMatch(/^decorators .*\nminimal .*\norganizations .*\n$/);
    const refused = scaffolder.create('app', '--yes', '-t', 'x', '--json');
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'template_unknown' } });
    expect(readdirSync(scaffolder.work)).toEqual([]);
  });

  test('which template and which version a project came from', () => {
    scaffolder.create('app', '--yes', '--no-install', '--no-git', '-t', 'minimal');
    const { version } = JSON.parse(readFileSync(join(scaffolder.root, 'package/package.json'), 'utf8'));
    expect(JSON.parse(readFileSync(join(scaffolder.work, 'app/asgard.json'), 'utf8'))).toMatchObject({
      template: 'minimal',
      cliVersion: version,
    });
  });
});

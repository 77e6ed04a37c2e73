import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useScaffolder } from './scaffolder.ts';

const scaffolder = useScaffolder();

describe('what cannot be done is said before anything is written', () => {
  test.each([
    ['an option that does not exist', ['app', '--yes', '--templat', 'minimal'], 2, /Did you mean --template/],
    ['a template that does not exist', ['app', '--yes', '-t', 'minimol'], 2, /Did you mean minimal\? Templates: /],
    ['a package manager that does not exist', ['app', '--yes', '--pm', 'pip'], 2, /npm, pnpm, yarn, bun/],
    ['a name that npm refuses', ['.hidden', '--yes'], 2, /cannot be the name of a package.* Try hidden\./],
    ['a template where npm ate its flag', ['app', 'minimal', '--yes'], 2, / -- /],
  ])('%s', (_, args, code, message) => {
    const { status, stdout, stderr } = scaffolder.create(...args, '--no-install', '--no-git');
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at .*:\d+:\d+/);
    expect(readdirSync(scaffolder.work)).toEqual([]);
  });

  test('a flag that npm took for itself', () => {
    const { status, stderr } = scaffolder.createWith(
      { npm_config_template: 'minimal' },
      'app',
      '--yes',
      '--no-install',
      '--no-git',
    );
    expect(status).toBe(2);
    expect(stderr).toContain(' -- ');
    expect(readdirSync(scaffolder.work)).toEqual([]);
  });

  test('a folder with something in it: which files; --overwrite replaces those and keeps the repository', () => {
    mkdirSync(join(scaffolder.work, 'app/.git'), { recursive: true });
    for (const [file, text] of [
      ['app/.git/HEAD', 'mine'],
      ['app/LICENSE', 'mine'],
      ['app/package.json', '{}'],
    ] as const) {
      writeFileSync(join(scaffolder.work, file), text);
    }
    const flags = ['app', '--yes', '--no-install', '--no-git'];
    const { status, stderr } = scaffolder.create(...flags);
    expect(status).toBe(1);
    expect(stderr).toContain('package.json');
    expect(stderr).not.toContain('LICENSE');
    expect(readdirSync(join(scaffolder.work, 'app')).sort()).toEqual(['.git', 'LICENSE', 'package.json']);
    expect(scaffolder.create(...flags, '--overwrite').status).toBe(0);
    expect(readFileSync(join(scaffolder.work, 'app/.git/HEAD'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(scaffolder.work, 'app/package.json'), 'utf8')).name).toBe('app');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findUnexplained } from './package-readme.ts';
import { listPackages } from './workspace.ts';

describe.each(listPackages().map((pkg) => [pkg.manifest.name, pkg] as const))('README of %s', (_name, pkg) => {
  const path = join(pkg.directory, 'README.md');
  const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';

  test('has a title and fits on one screen or two', () => {
    expect(readme).toMatch(/^# \S/);
    expect(readme.split('\n').length).toBeLessThan(140);
  });

  test('gives a reason for every run-time dependency', () => {
    expect(findUnexplained(pkg.manifest, readme)).toEqual([]);
  });
});

test('the check finds a dependency without a reason', () => {
  const manifest = { name: 'x', dependencies: { jose: '^6' }, peerDependencies: { zeromq: '^6' } };
  expect(findUnexplained(manifest, '')).toEqual(['jose', 'zeromq']);
  expect(findUnexplained(manifest, '- `jose`\n- `zeromq`: the only ZeroMQ binding that is kept up')).toEqual(['jose']);
});

import { expect, test } from 'vitest';
import { findMissingPlatforms } from './lockfile.ts';
import { read } from './workspace.ts';

test('the lock has the binary packages of every platform (npx tsx scripts/complete-lock.ts adds them)', () => {
  expect(findMissingPlatforms(JSON.parse(read('package-lock.json'))).map(({ location }) => location)).toEqual([]);
});

test('what is missing is found, with its platform', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-musl': '1.0.0',
        '@tool/darwin-arm64': '1.0.0',
        '@tool/windows-64': '1.0.0',
        fsevents: '~2.3.2',
      },
    },
    'node_modules/@tool/darwin-arm64': { version: '1.0.0' },
  };
  expect(findMissingPlatforms({ packages })).toEqual([
    {
      location: 'node_modules/@tool/linux-x64-musl',
      entry: { version: '1.0.0', cpu: ['x64'], libc: ['musl'], os: ['linux'], dev: true, optional: true },
    },
    {
      location: 'node_modules/@tool/windows-64',
      entry: { version: '1.0.0', cpu: ['x64'], os: ['win32'], dev: true, optional: true },
    },
  ]);
});

import { expect, test } from 'vitest';
import { judgeTracked } from './tracked-files.ts';
import { listTracked, read } from './workspace.ts';

const binary = /\.(?:png|ico|woff2?|gz|tgz|pdf)$/;

test('tracked files hold no machine path, no registry host and no unfinished mark', () => {
  const files = listTracked().filter((path) => !binary.test(path));
  expect(files).toContain('package-lock.json');
  expect(files.flatMap((path) => judgeTracked(path, read(path)))).toEqual([]);
});

test.each([
  ['a.md', `see https://${'registry'}.npmjs.org/x`],
  ['a.sh', `cd ${'/work'}/main`],
  ['a.ts', `const home = '${'/home'}/somebody/x';`],
  ['a.ts', `// ${'TO'}DO`],
  ['package-lock.json', '"resolved": "https://example.com/x.tgz"'],
])('%s with %s is found', (path, text) => {
  expect(judgeTracked(path, text)).not.toEqual([]);
});

test('what only looks alike passes', () => {
  const lines = ['/mcp', 'https://example.com/home/page', 'WORKDIR /home/node/app', 'tests/work/list', '/workspaces'];
  expect(judgeTracked('a.md', lines.join('\n'))).toEqual([]);
});

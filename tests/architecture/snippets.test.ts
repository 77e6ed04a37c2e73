import { expect, test } from 'vitest';
import { fillSnippets, listSnippets } from './snippets.ts';
import { listTracked, read } from './workspace.ts';

const documents = listTracked().filter((path) => path.endsWith('.md') && !path.startsWith('templates/'));

test('code in the documents is the compiled example (npx tsx scripts/fill-snippets.ts writes it)', () => {
  expect(listSnippets(read('README.md')).map((snippet) => snippet.file)).toContain('docs/examples/server.ts');
  for (const path of documents) expect(fillSnippets(read(path), read), path).toBe(read(path));
});

test('every example is shown somewhere', () => {
  const shown = new Set(documents.flatMap((path) => listSnippets(read(path))).map((snippet) => snippet.file));
  const examples = listTracked().filter((path) => path.startsWith('docs/examples/') && path.endsWith('.ts'));
  expect(examples.filter((path) => !shown.has(path))).toEqual([]);
});

test('links between documents lead to files', () => {
  const tracked = listTracked();
  const broken = documents.flatMap((path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
    return [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => new URL(match[1] ?? '', `file:///${folder}`).pathname.slice(1).replace(/\/$/, ''))
      .filter((target) => !tracked.some((file) => file === target || file.startsWith(`${target}/`)))
      .map((target) => `${path} -> ${target}`);
  });
  expect(broken).toEqual([]);
});

test('links into a document lead to one of its headings', () => {
  const broken = documents.flatMap((path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
    return [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)/g)].flatMap(
      ([, file = '', anchor = '']) => {
        const target = file === '' ? path : new URL(file, `file:///${folder}`).pathname.slice(1);
        return listAnchors(read(target)).includes(anchor) ? [] : [`${path} -> ${target}#${anchor}`];
      },
    );
  });
  expect(broken).toEqual([]);
  expect(listAnchors('# A `b` c\n```sh\n# none\n```\n## D, e\n')).toEqual(['a-b-c', 'd-e']);
});

test('README has exactly the two commands of a fresh clone, and AGENTS.md stays a map', () => {
  const commands = [...read('README.md').matchAll(/^npm ci && .*$/gm)].map((match) => match[0]);
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  expect(read('AGENTS.md').split('\n').length).toBeLessThan(120);
});

test('a stale block is found', () => {
  const text = '<!-- example: a.ts -->\n```ts\nold\n```\nend\n';
  expect(listSnippets(text)).toEqual([{ file: 'a.ts', code: 'old\n' }]);
  expect(fillSnippets(text, () => 'new\n')).toBe('<!-- example: a.ts -->\n```ts\nnew\n```\nend\n');
});

/** As GitHub makes them of headings. */
function listAnchors(markdown: string): string[] {
  const headings = markdown.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

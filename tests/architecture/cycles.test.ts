import { expect, test } from 'vitest';
import { findCycles, loadModules, relativeEdges } from './graph.ts';
import { parseImports } from './imports.ts';

test('no import cycle, not even through types', () => {
  const edges = relativeEdges(loadModules());
  expect(edges.size).toBeGreaterThan(0);
  expect(findCycles(edges)).toEqual([]);
});

test('every relative import names a file that exists, with its extension', () => {
  const edges = relativeEdges(loadModules());
  const missing = [...edges].flatMap(([from, targets]) =>
    targets.filter((to) => !edges.has(to)).map((to) => `${from} -> ${to}`),
  );
  expect(missing).toEqual([]);
});

test('the checker finds cycles', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b', 'd']],
    ['d', []],
    ['self', ['self']],
  ]);
  expect(findCycles(edges)).toEqual([['b', 'c'], ['self']]);
  expect(
    findCycles(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([]);
});

test('the reader finds every form of import', () => {
  const source = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "import './c.ts';",
    'export {',
    '  d,',
    "} from './d.ts';",
    "export type * from './e.ts';",
    "const f = await import('./f.ts');",
    "let g: import('./g.ts').G;",
    "// import { h } from './h.ts';",
    "/** import('./i.ts') */",
    "export const text = 'from nowhere';",
  ].join('\n');
  expect(parseImports(source).map((found) => [found.specifier, found.typeOnly, found.dynamic])).toEqual([
    ['./a.ts', false, false],
    ['./b.ts', true, false],
    ['./c.ts', false, false],
    ['./d.ts', false, false],
    ['./e.ts', true, false],
    ['./f.ts', false, true],
    ['./g.ts', true, true],
  ]);
});

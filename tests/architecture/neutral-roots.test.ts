import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { type Foreign, findForeign, listEntries, loadModules, packageName, type SourceModule } from './graph.ts';

/** Entries that must load in any runtime with web standards: no Node built-in and no native module comes with them. */
const neutral = [
  '@asgard/grip',
  '@asgard/heimdall-client',
  '@asgard/odin',
  '@asgard/odin/middleware',
  '@asgard/odin/testing',
];
const bound = new Set(['zeromq', 'undici', 'ioredis', ...builtinModules]);

function isBound({ specifier }: Foreign): boolean {
  return specifier.startsWith('node:') || bound.has(packageName(specifier));
}

test.each(neutral)('%s loads without Node', (name) => {
  const entries = listEntries();
  const entry = entries.get(name);
  expect(entry).toBeDefined();
  const wrong = findForeign(entry ?? '', loadModules(), entries).filter(isBound);
  expect(wrong.map(({ specifier, trail }) => `${trail.join(' -> ')} -> ${specifier}`)).toEqual([]);
});

test('the check follows files and packages, and lets types and lazy imports pass', () => {
  const module = (id: string, ...imports: SourceModule['imports']): SourceModule => ({
    id,
    package: 'x',
    path: id,
    text: '',
    imports,
  });
  const plain = (specifier: string) => ({ specifier, typeOnly: false, dynamic: false });
  const modules = [
    module('odin/src/index.ts', plain('./server.ts'), { specifier: 'node:fs', typeOnly: true, dynamic: false }),
    module('odin/src/server.ts', plain('@asgard/grip'), { specifier: 'zeromq', typeOnly: false, dynamic: true }),
    module('grip/src/index.ts', plain('node:http')),
  ];
  const entries = new Map([['@asgard/grip', 'grip/src/index.ts']]);
  expect(findForeign('odin/src/index.ts', modules, entries).filter(isBound)).toEqual([
    { specifier: 'node:http', trail: ['odin/src/index.ts', 'odin/src/server.ts', 'grip/src/index.ts'] },
  ]);
});

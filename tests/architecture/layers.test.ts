import { describe, expect, test } from 'vitest';
import { loadModules, resolveRelative } from './graph.ts';
import { findPlace, judgeImport, layers } from './layers.ts';
import { listPackages, listSources } from './workspace.ts';

const modules = loadModules();

describe.each(listPackages().map((pkg) => pkg.folder))('layers of %s', (folder) => {
  const table = layers[folder] ?? [];
  const sources = listPackages()
    .filter((pkg) => pkg.folder === folder)
    .flatMap(listSources);

  test('every source file is named by the table', () => {
    expect(sources.filter((path) => findPlace(table, path) === undefined)).toEqual([]);
  });

  test('every entry of the table covers a file', () => {
    const used = new Set(sources.map((path) => findPlace(table, path)?.entry));
    expect(table.flat().filter((entry) => !used.has(entry))).toEqual([]);
  });

  test('imports go down or stay in their folder', () => {
    const wrong = modules
      .filter((module) => module.package === folder)
      .flatMap((module) =>
        module.imports
          .filter((found) => found.specifier.startsWith('.'))
          .map((found) => judgeImport(table, module.path, resolveRelative(module.path, found.specifier))),
      )
      .filter((verdict) => verdict !== undefined);
    expect(wrong).toEqual([]);
  });
});

describe('the rule itself', () => {
  const table = [['errors.ts'], ['wire/', 'sse/'], ['holds/log.ts'], ['holds/'], ['index.ts']];

  test('refuses up and across, accepts down and the same folder', () => {
    expect(judgeImport(table, 'wire/hold.ts', 'errors.ts')).toBeUndefined();
    expect(judgeImport(table, 'wire/hold.ts', 'wire/fields.ts')).toBeUndefined();
    expect(judgeImport(table, 'wire/hold.ts', 'sse/event.ts')).toContain('across');
    expect(judgeImport(table, 'holds/hold.ts', 'holds/log.ts')).toBeUndefined();
    expect(judgeImport(table, 'holds/log.ts', 'holds/registry.ts')).toContain('up');
    expect(judgeImport(table, 'wire/hold.ts', 'holds/hold.ts')).toContain('up');
    expect(judgeImport(table, 'errors.ts', 'index.ts')).toContain('up');
  });

  test('the longest entry wins', () => {
    expect(findPlace(table, 'holds/log.ts')?.entry).toBe('holds/log.ts');
    expect(findPlace(table, 'holds/hold.ts')?.entry).toBe('holds/');
    expect(findPlace(table, 'clients/a.ts')).toBeUndefined();
  });
});

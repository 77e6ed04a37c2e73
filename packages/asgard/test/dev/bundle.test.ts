import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bundler, createBundler } from '../../src/dev/bundle.ts';

let directory: string;
let bundler: Bundler;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'asgard-bundle-'));
  write('main.ts', "import * as z from 'zod';\nimport { a } from './a.ts';\nconsole.log(z, a);\n");
  write(
    'a.ts',
    'function d(_: unknown, c: unknown) { void c; }\nexport class A { @d a(): number { return 1; } }\nexport const a = new A();\n',
  );
  bundler = await createBundler({ directory, entry: 'main.ts' });
});
afterEach(async () => {
  await bundler.close();
  rmSync(directory, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

test('bundles own files, leaves packages, lowers decorators', async () => {
  const build = await bundler.build();
  if (!build.ok) throw new Error(build.message);
  expect(build.changed).toBe(true);
  expect([...build.inputs].sort()).toEqual([join(directory, 'a.ts'), join(directory, 'main.ts')]);
  const code = readFileSync(build.file, 'utf8');
  expect(code).toContain('from "zod"');
  expect(code).not.toContain('@d');
  expect(readFileSync(build.preloadFile, 'utf8')).toBe('await Promise.allSettled([import("zod")]);\n');
});

test('the same text is no change', async () => {
  await bundler.build();
  write('a.ts', `// a comment\n${readFileSync(join(directory, 'a.ts'), 'utf8')}`);
  // Source maps move with a comment, so a comment counts; the same text does not.
  expect(await bundler.build()).toMatchObject({ ok: true, changed: true });
  expect(await bundler.build()).toMatchObject({ ok: true, changed: false });
  bundler.forget();
  expect(await bundler.build()).toMatchObject({ ok: true, changed: true });
});

test('an error has the place in the source, keeps the inputs, and the repair counts as a change', async () => {
  await bundler.build();
  const good = readFileSync(join(directory, 'a.ts'), 'utf8');
  write('a.ts', 'export const a = ;\n');
  const build = await bundler.build();
  expect(build).toMatchObject({ ok: false, message: expect.stringContaining('a.ts:1:17') });
  expect(build.inputs).toHaveLength(2);
  write('a.ts', good);
  expect(await bundler.build()).toMatchObject({ ok: true, changed: true });
});

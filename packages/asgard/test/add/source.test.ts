import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { PART_KINDS, parsePart } from '../../src/add/part.ts';
import { formatPart, formatPartTest } from '../../src/add/source.ts';

const folder = mkdtempSync(join(import.meta.dirname, '.made-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(PART_KINDS)('a new %s and its test are modules that fit together', async (kind) => {
  const part = parsePart(kind, 'forge-axe');
  for (const [file, text] of [
    [part.sourceFile, formatPart(part)],
    [part.testFile, formatPartTest(part)],
  ] as const) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const entryPoints = [join(folder, part.testFile)];
  const built = await build({
    entryPoints,
    bundle: true,
    write: false,
    packages: 'external',
    format: 'esm',
    logLevel: 'silent',
  });
  expect(built.warnings).toEqual([]);
  const made = (await import(/* @vite-ignore */ join(folder, part.sourceFile))) as Record<string, { kind: string }>;
  expect(made[part.constant]?.kind).toBe(kind);
});

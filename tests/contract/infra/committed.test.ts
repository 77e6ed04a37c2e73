import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { committedFiles } from './committed.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test.each(committedFiles())('$path is what the renderer makes', ({ path, content }) => {
  const hint = 'run: npx tsx --conditions=@asgard/source scripts/write-infra.ts';
  expect(readFileSync(join(root, path), 'utf8'), hint).toBe(content);
});

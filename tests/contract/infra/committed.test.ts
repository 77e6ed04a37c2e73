import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { infraFiles } from '../../../packages/asgard/src/infra/files.ts';
import { exampleSettings } from './settings.ts';

const folder = new URL('../../../infra/compose/', import.meta.url);

test.each(infraFiles(exampleSettings()))('infra/compose/$path is what the renderer makes', ({ path, content }) => {
  const hint = 'run: npx tsx --conditions=@asgard/source scripts/write-infra.ts';
  expect(readFileSync(fileURLToPath(new URL(path, folder)), 'utf8'), hint).toBe(content);
});

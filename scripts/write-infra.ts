import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { infraFiles } from '../packages/asgard/src/infra/files.ts';
import { exampleSettings } from '../tests/contract/infra/settings.ts';

// Writes infra/compose: what `asgard infra` renders for a project with a Dockerfile and no settings of its own.
// Run: npx tsx --conditions=@asgard/source scripts/write-infra.ts
const folder = fileURLToPath(new URL('../infra/compose/', import.meta.url));
await rm(folder, { recursive: true, force: true });
for (const { path, content } of infraFiles(exampleSettings())) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { committedFiles } from '../tests/contract/infra/committed.ts';

// Writes the rendered files that are committed: infra/compose, and what the manifests of infra/kubernetes mount.
// Run: npx tsx --conditions=@asgard/source scripts/write-infra.ts
const root = fileURLToPath(new URL('../', import.meta.url));
for (const folder of ['infra/compose', 'infra/kubernetes/config']) {
  await rm(join(root, folder), { recursive: true, force: true });
}
for (const { path, content } of committedFiles()) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

// Pins the images of the stack to what their tags name now, by digest. With --check nothing is written: it ends with 1 when a tag has moved.
// Run: npm run pin-images [-- --check], where the registries can be reached; then scripts/write-infra.ts.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DIGESTS } from '../packages/asgard/src/infra/digests.ts';
import { TAGS } from '../packages/asgard/src/infra/images.ts';
import { formatDigests, pinImages } from './images/pin.ts';

const { digests, moved } = await pinImages(Object.values(TAGS), DIGESTS);
for (const image of moved) console.log(`${image}@${digests[image]}`);
if (process.argv.includes('--check')) {
  if (moved.length > 0) process.exitCode = 1;
} else {
  const file = fileURLToPath(new URL('../packages/asgard/src/infra/digests.ts', import.meta.url));
  await writeFile(file, formatDigests(digests));
}

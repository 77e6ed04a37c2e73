// Adds the binary packages of other platforms to package-lock.json. npm writes only those that it could reach when it made the lock, and
// `npm ci` refuses a lock that lacks one. Run it after `npm install` when tests/architecture says so.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findMissingPlatforms } from '../tests/architecture/lockfile.ts';

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(await readFile(path, 'utf8'));
const missing = findMissingPlatforms(lock);
for (const { location, entry } of missing) lock.packages[location] = entry;
const root = lock.packages[''];
const names = Object.keys(lock.packages).filter((name) => name !== '');
lock.packages = Object.fromEntries([
  ['', root],
  ...names.sort((a, b) => a.localeCompare(b, 'en')).map((name) => [name, lock.packages[name]]),
]);
await writeFile(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${missing.length} added`);

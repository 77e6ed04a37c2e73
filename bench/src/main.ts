import { readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { formatTable, writeResult } from './result.ts';

/** `npm run bench -- NAME`: one file in `benches/` is one benchmark. */
const benches = fileURLToPath(new URL('benches/', import.meta.url));
const names = readdirSync(benches).map((file) => file.replace(/\.ts$/, ''));
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name) || rest.length > 0) {
  console.error(`Usage: npm run bench -- NAME\nBenchmarks: ${names.join(', ')}`);
  process.exit(2);
}
const { bench } = (await import(`./benches/${name}.ts`)) as { bench: Bench };
const rows = await bench((text) => process.stderr.write(`${text}\n`));
process.stdout.write(formatTable(rows));
process.stderr.write(`${await writeResult(name, rows)}\n`);
process.exit(rows.some((row) => row.limit !== undefined && row.median > row.limit) ? 1 : 0);

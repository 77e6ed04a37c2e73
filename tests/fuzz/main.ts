import { parseArgs } from 'node:util';
import { CLOSE_DEADLINE_MS, type Failure, fuzz, MAX_GROWTH } from './fuzz.ts';

/** `npm run fuzz`, `npm run fuzz -- --seed 7 --requests 1000`, `npm run fuzz -- --seed 7 --only 4711`. */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, requests: { type: 'string', default: '200000' }, only: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const only = values.only === undefined ? undefined : Number(values.only);

console.log(`seed ${seed}`);
const report = await fuzz({
  seed,
  requests: only === undefined ? Number(values.requests) : 1,
  ...(only !== undefined && { first: only }),
  onProgress: (done) => process.stderr.write(`${done} requests\n`),
});
for (const failure of report.failures) print(failure);
const { failures: _printed, ...rest } = report;
console.log(JSON.stringify(rest, undefined, 2));
const growth = report.heap.late - report.heap.early;
if (growth >= MAX_GROWTH) console.log(`the heap grew by ${growth} bytes, the limit is ${MAX_GROWTH}`);
const clean =
  report.failures.length === 0 &&
  report.unhandled.length === 0 &&
  report.connectionsLeft === 0 &&
  report.closeMs < CLOSE_DEADLINE_MS &&
  growth < MAX_GROWTH;
console.log(clean ? 'ok' : 'FAILED');
process.exit(clean ? 0 : 1);

function print({ index, over, problem, request }: Failure): void {
  const body = Buffer.from(request.body);
  console.log(
    [
      `request ${index} over ${over}: ${problem}`,
      `  ${request.method} ${request.path}`,
      `  headers ${JSON.stringify(request.headers)}`,
      `  body ${JSON.stringify(body.toString('utf8').slice(0, 2_000))}${body.length > 2_000 ? ` … ${body.length} bytes` : ''}`,
      `  again: npm run fuzz -- --seed ${seed} --only ${index}`,
    ].join('\n'),
  );
}

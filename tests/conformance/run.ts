/** Runs the official MCP conformance suite against the fixture server in one wiring. See `--help`. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../architecture/workspace.ts';
import { installSuite, runSuite } from './suite.ts';
import { findStale, isFailed, judge, parseExpected, type ScenarioRun, type Verdict } from './verdict.ts';
import { type Wired, type Wiring, wire, wirings } from './wiring.ts';

const revisions = ['2026-07-28', '2025-11-25'];
const usage = `npm run conformance -- --wiring ${wirings.join('|')} --requirements ${revisions.join('|')}`;

interface Proof {
  wiring: Wiring;
  answered: Wired['answered'];
}

function readOptions(): { wiring: Wiring; requirements: string } {
  const { values } = parseArgs({
    options: {
      wiring: { type: 'string', default: 'direct' },
      requirements: { type: 'string', default: '2026-07-28' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const wiring = wirings.find((name) => name === values.wiring);
  if (values.help === true || wiring === undefined || !revisions.includes(values.requirements)) {
    console.error(usage);
    process.exit(values.help === true ? 0 : 2);
  }
  return { wiring, requirements: values.requirements };
}

function printVerdict({ run, passed, unexpected, expected }: Verdict): void {
  const failed = run.checks.filter(isFailed).length;
  const succeeded = run.checks.filter((check) => check.status === 'SUCCESS').length;
  const mark = passed ? 'ok      ' : expected ? 'expected' : 'FAILED  ';
  const note = run.notScored === undefined ? '' : `  (not scored: ${run.notScored})`;
  console.log(`${mark} ${run.scenario}  ${succeeded}/${succeeded + failed}${note}`);
  for (const check of unexpected) console.log(`           ${check.id}: ${check.errorMessage ?? check.name}`);
}

function report(runs: ScenarioRun[], expected: string[], { wiring, answered }: Proof): number {
  const verdicts = runs.map((run) => judge(run, expected));
  for (const verdict of verdicts) printVerdict(verdict);
  const stale = findStale(runs, expected);
  for (const entry of stale)
    console.log(`STALE    ${entry}: no longer fails, take it off the list of expected failures`);
  const scored = verdicts.filter(({ run }) => run.notScored === undefined);
  const others = verdicts.filter(({ run }) => run.notScored !== undefined);
  const count = (list: Verdict[], passed: boolean): number =>
    list.filter((verdict) => verdict.passed === passed).length;
  const surprises = verdicts.filter((verdict) => verdict.unexpected.length > 0).length;
  console.log(`\nnot scored by the requirement set: ${count(others, true)} passed, ${count(others, false)} failed`);
  console.log(`unexpected failures: ${surprises}, stale entries: ${stale.length}`);
  console.log(
    `answered: ${answered.json} as JSON, ${answered.sse} as plain streams, ${answered.held} held by the proxy`,
  );
  // A score behind the proxy says nothing if the proxy held nothing.
  const proved = (wiring === 'direct') === (answered.held === 0);
  if (!proved) console.log(`wiring ${wiring} was not exercised`);
  console.log(`${count(scored, true)} passed, ${count(scored, false)} failed`);
  return surprises === 0 && stale.length === 0 && proved ? 0 : 1;
}

const { wiring, requirements } = readOptions();
const here = dirname(fileURLToPath(import.meta.url));
const expected = parseExpected(await readFile(join(here, `expected-failures.${requirements}.yaml`), 'utf8'));
console.log(`conformance, wiring ${wiring}, requirements ${requirements}`);
await installSuite();
const wired = await wire(wiring);
let exitCode = 1;
try {
  const output = join(root, '.cache', 'conformance-results', `${wiring}-${requirements}`);
  const runs = await runSuite({ url: wired.url, requirements, output, timeoutMs: 300_000 });
  exitCode = report(runs, expected, { wiring, answered: wired.answered });
} finally {
  await wired.close();
}
process.exit(exitCode);

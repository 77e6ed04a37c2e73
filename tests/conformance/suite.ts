import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../architecture/workspace.ts';
import { installTools } from '../real/tool-folder.ts';
import type { Check, ScenarioRun } from './verdict.ts';

/** In a folder of its own: the workspace runs on Node 20, the suite does not. */
const tools: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/conformance': '0.2.0-alpha.12',
};
const folder = join(root, '.cache', 'conformance');

export interface SuiteOptions {
  url: string;
  /** Frozen requirement set of a protocol revision. */
  requirements: string;
  /** Where checks and the suite's own output go. Emptied first. */
  output: string;
  /** Milliseconds for each start of the suite. */
  timeoutMs: number;
}

/** Installs the suite when it is not there in the version named above. */
export async function installSuite(): Promise<void> {
  await installTools('conformance', tools);
}

/** Scenarios that are in no requirement set, by the revision that they need. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': ['sep-2640-skills-enumeration', 'sep-2640-skills-manifest', 'sep-2640-skills-directory'],
};

/** Runs every server scenario of a requirement set against a URL, and those of extensions beyond it. */
export async function runSuite(options: SuiteOptions): Promise<ScenarioRun[]> {
  const { requirements, output } = options;
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const { node } = await installTools('conformance', tools);
  const suite = join(folder, 'node_modules', '@modelcontextprotocol', 'conformance');
  const run = (args: readonly string[]): Promise<void> =>
    runServerLeg([node, join(suite, 'dist', 'index.js')], args, options);
  await run(['--requirements', requirements]);
  const beyond = BEYOND[requirements] ?? [];
  for (const scenario of beyond) await run(['--scenario', scenario, '--spec-version', requirements, '--force']);
  const reasons = await readNotScored(join(suite, 'requirements', `${requirements}.yaml`));
  return readRuns(
    output,
    new Map([...reasons, ...beyond.map((scenario): [string, string] => [scenario, 'extension'])]),
  );
}

/** The suite's exit code says that something failed; what failed is in its output. */
async function runServerLeg(
  [command = '', ...script]: readonly string[],
  args: readonly string[],
  { url, output, timeoutMs }: SuiteOptions,
): Promise<void> {
  const child = spawn(command, [...script, 'server', '--url', url, ...args, '--output-dir', output], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  const log = createWriteStream(join(output, 'suite.log'), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  log.end();
  if (code === null) throw new Error(`The suite did not end within ${timeoutMs} ms, see ${log.path}`);
}

async function readRuns(output: string, reasons: Map<string, string>): Promise<ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (const entry of await readdir(output, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const scenario = entry.name.replace(/^server-(.*)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '$1');
    const checks: Check[] = JSON.parse(
      await readFile(join(output, entry.name, 'checks.json'), 'utf8').catch(() => '[]'),
    );
    const notScored = reasons.get(scenario);
    runs.push({ scenario, checks, ...(notScored !== undefined && { notScored }) });
  }
  if (runs.length === 0) throw new Error(`The suite ran no scenario, see ${join(output, 'suite.log')}`);
  return runs.sort((a, b) => a.scenario.localeCompare(b.scenario));
}

/** Reasons for which server scenarios do not count, from the suite's own requirement file. */
async function readNotScored(path: string): Promise<Map<string, string>> {
  const text = (await readFile(path, 'utf8')).split(/^not_scored:/m)[1] ?? '';
  const entries = text.matchAll(/- scenario: (\S+)\n\s+leg: server\n\s+reason: (\S+)/g);
  return new Map([...entries].map((match) => [match[1] ?? '', match[2] ?? '']));
}

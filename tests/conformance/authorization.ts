/**
 * Runs the official suite's authorization server scenarios against the stand-in issuer, or with `--issuer keycloak` against a real one, signing in
 * where a person would.
 */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startHeimdall } from '@asgard/devstack';
import { createBrowser } from '../../packages/devstack/src/heimdall/browser.ts';
import { readMetadata, registerClient } from '../../packages/devstack/src/heimdall/oauth-client.ts';
import { clickThrough } from '../../packages/devstack/src/heimdall/sign-in.ts';
import { root } from '../architecture/workspace.ts';
import { startKeycloak } from '../real/keycloak.ts';
import { findKeycloak } from '../real/keycloak-distribution.ts';
import { shippedRealm } from '../real/keycloak-realm.ts';
import { findFreePorts } from '../real/ports.ts';
import { installSuite } from './suite.ts';
import { type Check, findStale, judge, parseExpected, type ScenarioRun } from './verdict.ts';

const suite = join(root, '.cache', 'conformance');
const { issuer: kind } = parseArgs({ options: { issuer: { type: 'string', default: 'stand-in' } } }).values;
const output = join(root, '.cache', 'conformance-results', `authorization-${kind}`);
const resource = 'http://localhost:7999/mcp';

interface Issuer {
  readonly issuer: string;
  /** What is known not to pass. */
  readonly expected: string;
  close(): Promise<void>;
}

async function startIssuer(): Promise<Issuer> {
  if (kind === 'stand-in') {
    const [port = 0] = await findFreePorts(1);
    const publicUrl = `http://localhost:${port}/heimdall/realms/asgard`;
    const heimdall = await startHeimdall({ publicUrl, port, resources: [resource], clientDocuments: true });
    return { ...heimdall, expected: 'expected-failures.authorization.yaml' };
  }
  if (kind !== 'keycloak') throw new Error(`--issuer: must be stand-in or keycloak, got ${kind}`);
  const found = await findKeycloak();
  if ('missing' in found) throw new Error(found.missing);
  const keycloak = await startKeycloak(found.home);
  const { realm } = shippedRealm({ name: 'asgard', resource, scopes: ['mcp:tools'] });
  const issuer = await keycloak.createRealm(realm);
  return { issuer, expected: 'expected-failures.authorization.keycloak.yaml', close: () => keycloak.close() };
}

/** Ends with the suite's exit code. */
function runSuite(args: readonly string[], onText: (text: string) => void): Promise<number> {
  const node = join(suite, 'node_modules', 'node', 'bin', 'node');
  const main = join(suite, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
  const child = spawn(node, [main, 'authorization', ...args], { cwd: suite, timeout: 120_000 });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text);
      onText(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** A scenario that proved nothing has not passed, whatever the suite's exit code says. */
async function countSurprises(file: string): Promise<number> {
  const expected = parseExpected(await readFile(new URL(file, import.meta.url), 'utf8'));
  const runs = await Promise.all((await readdir(output)).map(readRun));
  const unexpected = runs.flatMap((run) => judge(run, expected).unexpected);
  for (const { id, errorMessage } of unexpected) console.log(`FAILED ${id}: ${errorMessage ?? ''}`);
  const stale = findStale(runs, expected);
  for (const entry of stale) console.log(`STALE ${entry}: no longer fails, take it off the list of expected failures`);
  return unexpected.length + stale.length + (runs.length === 0 ? 1 : 0);
}

async function readRun(folder: string): Promise<ScenarioRun> {
  const checks = JSON.parse(await readFile(join(output, folder, 'checks.json'), 'utf8')) as Check[];
  return { scenario: folder.replace(/^authorization-server-(.*)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '$1'), checks };
}

await installSuite();
await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const [callbackPort = 0] = await findFreePorts(1);
const { issuer, expected, close } = await startIssuer();
try {
  const callback = `http://127.0.0.1:${callbackPort}/callback`;
  const clientId = await registerClient((await readMetadata(issuer, fetch)).registration_endpoint, callback, fetch);
  const args = ['--url', issuer, '--client-id', clientId, '--resource', resource, '--port', String(callbackPort)];
  let signedIn = false;
  const code = await runSuite([...args, '--output-dir', output], (text) => {
    const url = /http\S+[?&]response_type=code\S*/.exec(text)?.[0];
    if (url === undefined || signedIn) return;
    signedIn = true;
    const browser = createBrowser(callback, fetch);
    void clickThrough(browser, url, { user: 'freya', password: 'freya' }).then((visit) => {
      if ('arrived' in visit) return fetch(visit.arrived);
      throw new Error('The sign-in did not lead back to the suite.');
    });
  });
  process.exitCode = code === 0 && (await countSurprises(expected)) === 0 ? 0 : 1;
} finally {
  await close();
}

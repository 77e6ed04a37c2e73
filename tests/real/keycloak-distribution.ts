import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './requirement.ts';

const run = promisify(execFile);

/** The version that the tests are written for. */
export const keycloakVersion = '26.7.3';

/** Fixed when the distribution is prepared, which halves the time of every start. */
const buildOptions = ['--db=dev-mem', '--cache=local', '--health-enabled=true', '--http-relative-path=/heimdall'];

/**
 * The folder of an unpacked distribution, fetched once by Maven into a cache outside the source tree, and
 * prepared. Only CI fetches by itself.
 *
 * @returns a reason in words when it cannot be had
 */
export async function findKeycloak(): Promise<Found<{ home: string }>> {
  const cache = join(homedir(), '.cache', 'asgard');
  const home = join(cache, `keycloak-${keycloakVersion}-heimdall`);
  try {
    await run('java', ['-version']);
  } catch {
    return { missing: 'Keycloak needs Java 17 or newer, and there is no java on PATH' };
  }
  if (await exists(join(home, 'bin', 'kc.sh'))) return { home };
  if (process.env.CI !== 'true') {
    return {
      missing: `Keycloak ${keycloakVersion} is not in ${cache}: with CI=true it is fetched once, 177 MB by Maven`,
    };
  }
  try {
    await fetchDistribution(cache, home);
    return { home };
  } catch (error) {
    return { missing: `Keycloak ${keycloakVersion} cannot be fetched with mvn: ${String(error).slice(0, 300)}` };
  }
}

async function fetchDistribution(cache: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetch-'));
  try {
    const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
    await run('mvn', ['-q', '-B', goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], { timeout: 300_000 });
    await run('unzip', ['-q', join(folder, `keycloak-quarkus-dist-${keycloakVersion}.zip`), '-d', folder]);
    const unpacked = join(folder, `keycloak-${keycloakVersion}`);
    await run(join(unpacked, 'bin', 'kc.sh'), ['build', ...buildOptions], { timeout: 180_000 });
    await rename(unpacked, home);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The same distribution, prepared for an environment as a container prepares itself at its first start. It is kept beside the other: the
 * build takes a busy machine a minute.
 */
export async function prepareKeycloak(home: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(environment)).digest('hex').slice(0, 12);
  const prepared = `${home}-${key}`;
  if (await exists(join(prepared, 'bin', 'kc.sh'))) return prepared;
  const folder = await mkdtemp(join(dirname(home), 'build-'));
  try {
    await cp(home, folder, { recursive: true });
    const env = { ...process.env, ...environment };
    await run(join(folder, 'bin', 'kc.sh'), ['build', '--db=dev-mem', '--cache=local'], { env, timeout: 240_000 });
    await rename(folder, prepared);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return prepared;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

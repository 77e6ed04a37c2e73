import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePorts } from './ports.ts';
import type { Found } from './requirement.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** The version that the tests are written for. */
export const keycloakVersion = '26.7.3';

/** Fixed when the distribution is prepared, which halves the time of every start. */
const buildOptions = ['--db=dev-mem', '--cache=local', '--health-enabled=true', '--http-relative-path=/heimdall'];

/** A running Keycloak. */
export interface Keycloak {
  /**
   * Imports a realm.
   *
   * @returns its issuer
   */
  createRealm(realm: { realm: string }): Promise<string>;
  /** Everything that it has logged, for the message of a failing test. */
  log(): string;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

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

/** Starts Keycloak from a copy of the distribution, with its data in memory and an administrator that only this process knows. */
export async function startKeycloak(home: string): Promise<Keycloak> {
  const folder = await mkdtemp(join(tmpdir(), 'asgard-keycloak-'));
  const [port = 0, managementPort = 0] = await findFreePorts(2);
  const base = `http://localhost:${port}/heimdall`;
  await cp(home, folder, { recursive: true });
  const admin = { username: 'admin', password: randomBytes(18).toString('base64url') };
  const options = [
    ...['start', '--optimized', '--cache=local', '--http-enabled=true', `--hostname=${base}`],
    ...['--http-host=127.0.0.1', `--http-port=${port}`, `--http-management-port=${managementPort}`],
  ];
  const child = spawn(join(folder, 'bin', 'kc.sh'), options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: admin.username, KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-20_000);
    });
  }
  const killAtExit = () => kill(child);
  process.once('exit', killAtExit);
  const close = async () => {
    process.removeListener('exit', killAtExit);
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`Keycloak ended by itself:\n${log}`);
      if ((await statusOf(`${base}/realms/master/.well-known/openid-configuration`)) === 200) return true;
      await delay(250);
      return false;
    }, 180_000);
  } catch (error) {
    await close();
    throw new Error(`Keycloak did not start:\n${log}`, { cause: error });
  }
  return {
    log: () => log,
    close,
    async createRealm(realm) {
      const authorization = `Bearer ${await adminToken(base, admin)}`;
      const response = await fetch(`${base}/admin/realms`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(realm),
      });
      if (response.status !== 201) throw new Error(`Keycloak refuses the realm: ${await response.text()}\n${log}`);
      return `${base}/realms/${realm.realm}`;
    },
  };
}

async function adminToken(base: string, admin: { username: string; password: string }): Promise<string> {
  const response = await fetch(`${base}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  kill(child);
  await ended;
}

/** Ends the script and the Java process below it: they are a process group of their own. */
function kill({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePorts } from './ports.ts';
import { until } from './until.ts';

/** How a Keycloak is started. */
export interface KeycloakOptions {
  /** Variables of its environment, as a container has them; `home` must be prepared for them. @default its public name is where it listens */
  readonly environment?: Readonly<Record<string, string>>;
  /** A realm file that it imports while it starts. @default none */
  readonly realmFile?: string;
}

/** A running Keycloak. */
export interface Keycloak {
  /** Where it listens, whatever its public name is: without a slash at the end. */
  readonly address: string;
  /**
   * Imports a realm.
   *
   * @returns its issuer
   */
  createRealm(realm: { realm: string }): Promise<string>;
  /** Asks the interface of administrators, below `/admin/realms`. */
  administer(path: string, init?: { method: string; body?: unknown }): Promise<Response>;
  /** Password of `admin` in the realm `master`. */
  readonly adminPassword: string;
  /** Everything that it has logged, for the message of a failing test. */
  log(): string;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** Starts Keycloak from a copy of the distribution, with its data in memory and an administrator that only this process knows. */
export async function startKeycloak(home: string, { environment, realmFile }: KeycloakOptions = {}): Promise<Keycloak> {
  const folder = await mkdtemp(join(tmpdir(), 'asgard-keycloak-'));
  const [port = 0, managementPort = 0] = await findFreePorts(2);
  const address = `http://localhost:${port}/heimdall`;
  await cp(home, folder, { recursive: true });
  if (realmFile !== undefined) {
    await mkdir(join(folder, 'data', 'import'), { recursive: true });
    await writeFile(join(folder, 'data', 'import', 'realm.json'), realmFile);
  }
  const admin = { username: 'admin', password: randomBytes(18).toString('base64url') };
  const options = [
    ...[
      'start',
      '--optimized',
      '--cache=local',
      '--http-enabled=true',
      '--http-host=127.0.0.1',
      '--proxy-headers=xforwarded',
    ],
    ...[`--http-port=${port}`, `--http-management-port=${managementPort}`],
    ...(environment === undefined ? [`--hostname=${address}`] : []),
    ...(realmFile === undefined ? [] : ['--import-realm']),
  ];
  const child = spawn(join(folder, 'bin', 'kc.sh'), options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...{ ...process.env, ...environment },
      ...{ KC_BOOTSTRAP_ADMIN_USERNAME: admin.username, KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password },
    },
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
      if ((await statusOf(`${address}/realms/master/.well-known/openid-configuration`)) === 200) return true;
      await delay(250);
      return false;
    }, 180_000);
  } catch (error) {
    await close();
    throw new Error(`Keycloak did not start:\n${log}`, { cause: error });
  }
  const administer: Keycloak['administer'] = async (path, { method, body } = { method: 'GET' }) =>
    fetch(`${address}/admin/realms${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await adminToken(address, admin)}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    address,
    administer,
    adminPassword: admin.password,
    log: () => log,
    close,
    async createRealm(realm) {
      const response = await administer('', { method: 'POST', body: realm });
      if (response.status !== 201) throw new Error(`Keycloak refuses the realm: ${await response.text()}\n${log}`);
      return `${address}/realms/${realm.realm}`;
    },
  };
}

async function adminToken(address: string, admin: { username: string; password: string }): Promise<string> {
  const response = await fetch(`${address}/realms/master/protocol/openid-connect/token`, {
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

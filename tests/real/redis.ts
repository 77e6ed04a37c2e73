import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import type { Authority, Certified } from './certificates.ts';
import { findFreePorts } from './ports.ts';
import type { Found } from './requirement.ts';
import { until } from './until.ts';

/** A running Redis on a port of 127.0.0.1, with a folder and a password of its own. */
export interface Redis {
  /** `redis://`, or `rediss://` with TLS, with the password. */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  /** Ends it at once, as a crash does. Without `keep` everything in it is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port after `kill()`. */
  restart(): Promise<void>;
  /** Stops it from answering, without closing anything. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Writes every change to its folder at once, so that nothing is lost by `kill()`. @default false */
  readonly keep?: boolean;
  /** Speaks TLS only, with this certificate. @default plain */
  readonly tls?: RedisTls;
  /** The port of the one whose copy it is at first; it has the same password. @default it is no copy */
  readonly replicaOf?: number;
}

export interface RedisTls extends Pick<Certified, 'keyFile' | 'certFile'> {
  readonly authority: Pick<Authority, 'cert' | 'certFile'>;
  /** Whether clients must have a certificate of the same authority. @default false */
  readonly clients?: boolean;
}

const PASSWORD = 'pass/w@rd: of the tests';

/** Looks for the real server on the `PATH`. */
export async function findRedis(path: string = process.env.PATH ?? ''): Promise<Found<{ binary: string }>> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const binary = join(folder, name);
      const found = await access(binary, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return { binary };
    }
  }
  return { missing: 'redis-server or valkey-server must be on PATH: apt-get install redis-server' };
}

/** Starts the real server. Several may run side by side. */
export async function startRedis({ keep = false, tls, replicaOf }: RedisServerOptions = {}): Promise<Redis> {
  const found = await findRedis();
  if ('missing' in found) throw new Error(found.missing);
  const [[port = 0], folder] = await Promise.all([findFreePorts(1), mkdtemp(join(tmpdir(), 'redis-'))]);
  let child: ChildProcess | undefined;
  const killNow = (): void => void child?.kill('SIGKILL');
  process.once('exit', killNow);

  const start = async (): Promise<void> => {
    let log = '';
    const started = spawn(found.binary, ['-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (text) => (log += text));
    started.stdin.end(configuration({ port, folder, keep, tls, replicaOf }));
    await until(async () => {
      if (started.exitCode !== null) throw new Error(`Redis ended by itself:\n${log}`);
      return /Ready to accept connections/.test(log) && answers(port, tls);
    }, 10_000);
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `${tls ? 'rediss' : 'redis'}://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/0`,
    port,
    password: PASSWORD,
    kill,
    restart: start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    close: async () => {
      process.off('exit', killNow);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Configured extends Required<Pick<RedisServerOptions, 'keep'>> {
  readonly port: number;
  readonly folder: string;
  readonly tls: RedisTls | undefined;
  readonly replicaOf: number | undefined;
}

function configuration({ port, folder, keep, tls, replicaOf }: Configured): string {
  return `${tls ? secured(port, tls) : `port ${port}`}
bind 127.0.0.1
dir ${folder}
save ""
appendonly ${keep ? 'yes' : 'no'}
appendfsync always
maxmemory 200mb
maxmemory-policy noeviction
requirepass "${PASSWORD}"
masterauth "${PASSWORD}"
${replicaOf === undefined ? '' : `replicaof 127.0.0.1 ${replicaOf}`}
`;
}

function secured(port: number, { keyFile, certFile, authority, clients = false }: RedisTls): string {
  return `port 0
tls-port ${port}
tls-key-file ${keyFile}
tls-cert-file ${certFile}
tls-ca-cert-file ${authority.certFile}
tls-auth-clients ${clients ? 'yes' : 'no'}`;
}

function answers(port: number, tls: RedisTls | undefined): Promise<boolean> {
  // What it says to those without a certificate is for the tests.
  if (tls?.clients) return Promise.resolve(true);
  return new Promise((resolve) => {
    const at = { port, host: '127.0.0.1' };
    const socket = tls ? connectSecurely({ ...at, ca: tls.authority.cert }) : connect(at);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => end(false));
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write('PING\r\n'));
    // Without a password it says NOAUTH, which is an answer.
    socket.once('data', () => end(true));
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { findFreePorts } from './ports.ts';
import { findRedis, type Redis, startRedis } from './redis.ts';
import { until } from './until.ts';

/** Three Sentinels that watch a master and one copy of it, all on 127.0.0.1. */
export interface Sentinels {
  readonly name: string;
  /** In the order in which clients try them. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly password: string;
  /** The two servers, the first master first. */
  readonly servers: readonly [Redis, Redis];
  /** The port of the master, as the Sentinels see it. */
  master(): Promise<number>;
  /** Makes the copy the master, with both of them alive. */
  failover(): Promise<void>;
  /** Ends one Sentinel for good. */
  kill(index: number): Promise<void>;
  /** Stops one Sentinel from answering, without closing anything, until it is killed. */
  freeze(index: number): void;
  close(): Promise<void>;
}

const NAME = 'asgard';

export async function startSentinels(): Promise<Sentinels> {
  const found = await findRedis();
  if ('missing' in found) throw new Error(found.missing);
  const first = await startRedis();
  const second = await startRedis({ replicaOf: first.port });
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const ports = await findFreePorts(3);
  const children = await Promise.all(
    ports.map(async (port) => {
      const file = join(folder, `${port}.conf`);
      await writeFile(file, configuration({ port, folder, master: first.port, password: first.password }));
      return spawn(found.binary, [file, '--sentinel'], { stdio: 'ignore' });
    }),
  );
  const killAll = (): void => void children.map((child) => child.kill('SIGKILL'));
  process.once('exit', killAll);
  const ask = async (...words: readonly string[]): Promise<unknown> => {
    for (const port of ports) {
      const client = new Client({ port, host: '127.0.0.1', retryStrategy: () => null, lazyConnect: true });
      client.on('error', () => {});
      try {
        await client.connect();
        return await client.call('SENTINEL', ...words);
      } catch {
        // That one was killed.
      } finally {
        client.disconnect();
      }
    }
    throw new Error('no Sentinel answers');
  };
  const kill = async (index: number): Promise<void> => {
    const child = children[index];
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const count = async (what: string): Promise<number> => {
    const list = await ask(what, NAME).catch(() => []);
    return Array.isArray(list) ? list.length : 0;
  };
  await until(async () => (await count('REPLICAS')) === 1 && (await count('SENTINELS')) === 2, 20_000);
  return {
    name: NAME,
    addresses: ports.map((port) => ({ host: '127.0.0.1', port })),
    password: first.password,
    servers: [first, second],
    master: async () => {
      const address = await ask('GET-MASTER-ADDR-BY-NAME', NAME);
      return Array.isArray(address) ? Number(address[1]) : 0;
    },
    failover: async () => void (await ask('FAILOVER', NAME)),
    kill,
    freeze: (index) => void children[index]?.kill('SIGSTOP'),
    close: async () => {
      process.off('exit', killAll);
      await Promise.all(children.map((_, index) => kill(index)));
      await Promise.all([first.close(), second.close(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

interface Configured {
  readonly port: number;
  readonly folder: string;
  readonly master: number;
  readonly password: string;
}

/** The patience is short, so that tests are. */
function configuration({ port, folder, master, password }: Configured): string {
  return `port ${port}
bind 127.0.0.1
dir ${folder}
sentinel monitor ${NAME} 127.0.0.1 ${master} 2
sentinel auth-pass ${NAME} "${password}"
sentinel down-after-milliseconds ${NAME} 1000
sentinel failover-timeout ${NAME} 5000
sentinel parallel-syncs ${NAME} 1
`;
}

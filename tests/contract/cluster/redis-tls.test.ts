import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from '@asgard/odin';
import { createRedisCluster, type RedisCluster, type RedisClusterOptions } from '@asgard/odin/redis';
import { Redis as Client } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Authority, type Certified, createAuthority, findOpenssl } from '../../real/certificates.ts';
import { findRedis, type Redis, startRedis } from '../../real/redis.ts';
import { describeWith } from '../../real/requirement.ts';
import { until } from '../../real/until.ts';

const ttlMs = 60_000;
const run = promisify(execFile);
const openssl = await findOpenssl();

/** A server with `REDIS_URL` in its environment, which writes one value. */
const SCRIPT = `
import { fromEnvironment } from '@asgard/odin/node';
const { cluster } = fromEnvironment();
await cluster.state.set('written', 'by another process', { ttlMs: 60000 }).catch((error) => console.log(error.message));
await cluster.close();
`;

describeWith('Redis over TLS', 'missing' in openssl ? openssl : await findRedis(), () => {
  let authority: Authority;
  let stranger: Authority;
  let server: Certified;
  let redis: Redis;
  const opened: RedisCluster[] = [];
  const others: Redis[] = [];
  const logged: string[] = [];
  const logger: Logger = {
    error: (fields, message) => void logged.push(`${message} ${String(fields.error)}`),
    warn: (_fields, message) => void logged.push(message),
  };
  beforeAll(async () => {
    [authority, stranger] = await Promise.all([createAuthority(), createAuthority('a stranger')]);
    server = await authority.issue('IP:127.0.0.1', 'DNS:store.example');
    redis = await startRedis({ keep: true, tls: { ...server, authority } });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cluster) => cluster.close()));
    await Promise.all(others.splice(0).map((other) => other.close()));
    logged.length = 0;
  });
  afterAll(async () => {
    await redis?.close();
    await Promise.all([authority, stranger].map((each) => each?.close()));
  });

  const open = (options: RedisClusterOptions): RedisCluster => {
    const cluster = createRedisCluster({ logger, ...options });
    opened.push(cluster);
    return cluster;
  };

  const useAll = async ({ state, bus }: RedisCluster): Promise<void> => {
    const heard: string[] = [];
    await bus.subscribe('topic', (data) => heard.push(data));
    await bus.publish('topic', 'news');
    await until(() => heard.length === 1);
    await state.set('k', 'v', { ttlMs });
    expect(await state.get('k')).toBe('v');
  };

  /** The message of the error, which is also in the log, once. */
  const refusal = async (cluster: RedisCluster): Promise<string> => {
    const error: unknown = await cluster.state.get('k').then(
      () => new Error('it was not refused'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'cluster_unreachable' });
    const { message } = error as Error;
    await expect(cluster.bus.subscribe('t', () => {})).rejects.toMatchObject({ code: 'cluster_unreachable' });
    expect(logged).toEqual([expect.stringContaining('the shared state is out of reach')]);
    expect(`${message} ${logged}`).not.toContain(redis.password);
    return message;
  };

  test('with the certificate of its authority, alone or among others; it comes back after a restart', async () => {
    await useAll(open({ url: redis.url, ca: [stranger.cert, authority.cert] }));
    const cluster = open({ url: redis.url, ca: authority.cert });
    await useAll(cluster);
    await redis.kill();
    await expect(cluster.state.get('k')).rejects.toMatchObject({ code: 'cluster_unreachable' });
    await redis.restart();
    await until(() => cluster.connected);
    expect(await cluster.state.get('k')).toBe('v');
  });

  test.each<[string, (authorities: { stranger: Authority }) => Partial<RedisClusterOptions>]>([
    ['that nobody here trusts', () => ({})],
    ['that is not the one that was given', (given) => ({ ca: given.stranger.cert })],
  ])('of an authority %s: refused, and says what to give', async (_, options) => {
    const message = await refusal(open({ url: redis.url, ...options({ stranger }) }));
    expect(message).toMatch(
      /127\.0\.0\.1:\d+ cannot be used: .*certificate.*option ca,.*REDIS_URL.*NODE_EXTRA_CA_CERTS/,
    );
  });

  test('under a name that its certificate does not have: refused, and says which it has', async () => {
    const url = redis.url.replace('127.0.0.1', 'localhost');
    const message = await refusal(open({ url, ca: authority.cert }));
    expect(message).toMatch(/localhost.*store\.example.*REDIS_URL/);
  });

  test('by the environment: REDIS_URL, and NODE_EXTRA_CA_CERTS for the authority', async () => {
    const start = async (more: Record<string, string>): Promise<string> => {
      const words = ['--import', 'tsx', '--conditions=@asgard/source', '--input-type=module', '--eval', SCRIPT];
      const { PATH = '' } = process.env;
      const own = { ASGARD_AUTH: 'none', ASGARD_SECRETS: 'a-secret-of-at-least-thirty-two-characters' };
      const env = { PATH, ...own, REDIS_URL: redis.url, ...more };
      return (await run(process.execPath, words, { env, timeout: 20_000 })).stdout;
    };
    const client = new Client(redis.url, { tls: { ca: authority.cert } });
    expect(await start({})).toContain('NODE_EXTRA_CA_CERTS');
    expect(await client.get('odin:state:written')).toBeNull();
    expect(await start({ NODE_EXTRA_CA_CERTS: authority.certFile })).toBe('');
    expect(await client.get('odin:state:written')).toBe('by another process');
    await client.quit();
  });

  test('with a client that has a certificate of its own, where one is asked for', async () => {
    const [mine, strict] = await Promise.all([
      authority.issue('DNS:replica'),
      startRedis({ tls: { ...server, authority, clients: true } }),
    ]);
    others.push(strict);
    const clients = [{ key: mine.key, cert: mine.cert }, {}].map(
      (own) => new Client(strict.url, { lazyConnect: true, tls: { ca: authority.cert, ...own } }),
    );
    const [known, unknown] = clients.map((client) => open({ client }));
    if (!known || !unknown) throw new Error('two clients');
    await useAll(known);
    await expect(unknown.state.get('k')).rejects.toMatchObject({ code: 'cluster_unreachable' });
  });

  test('a server that speaks no TLS never answers, and gets nothing: refused in time', async () => {
    const plain = await startRedis();
    others.push(plain);
    const message = await refusal(open({ url: plain.url.replace('redis:', 'rediss:') }));
    expect(message).toContain('ETIMEDOUT');
  });
});

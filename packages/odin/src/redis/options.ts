import type { Redis, RedisOptions } from 'ioredis';
import { OdinError } from '../errors.ts';
import { createStderrLogger, type Logger } from '../observability/logger.ts';
import { type IoRedis, loadIoRedis } from './load.ts';

/** Options of `createRedisCluster`: either `url` or `client`. */
export interface RedisClusterOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url?: string;
  /**
   * Certificates, as PEM, of the authorities that may vouch for the server of a `rediss://` URL, in place of those that Node.js trusts.
   * @default those that Node.js trusts, with the ones in the file that `NODE_EXTRA_CA_CERTS` names
   */
  readonly ca?: string | readonly string[];
  /**
   * An ioredis client whose settings are copied, for Sentinel, a certificate of its own and whatever a URL cannot say. It stays as it is and
   * is not closed. Not a client of Redis Cluster.
   */
  readonly client?: Redis;
  /** Begins the names of all keys and channels: servers that share a Redis need one each. @default 'odin' */
  readonly namespace?: string;
  /** How long a command may take before it fails. Milliseconds. @default 1000 */
  readonly commandTimeoutMs?: number;
  /** Commands that may wait for their answer at a time; more fail at once. @default 10000 */
  readonly maxPending?: number;
  /** Told once when Redis cannot be reached, and once when it can again. @default one JSON line on standard error */
  readonly logger?: Logger;
  /** Loads `ioredis`, for bundlers that cannot follow a dynamic import. @default import('ioredis') */
  readonly load?: () => Promise<IoRedis>;
}

/** Replies as version 5 gave them, whatever a copied client has. */
export type Settings = RedisOptions & { readonly replyMapping: 'legacy' };

/** All of RedisClusterOptions, read once and checked. */
export interface ResolvedRedis {
  /** Makes a connection with these settings over the ones that lead to the server. */
  readonly connect: (settings: Settings) => Promise<Redis>;
  /** The server for people: host and port, never a password. */
  readonly where: string;
  /** Does not occur in messages. */
  readonly password: string | undefined;
  readonly keys: string;
  /** Publish/subscribe knows no databases, so the name of a channel has the number. */
  readonly channels: string;
  readonly commandTimeoutMs: number;
  readonly maxPending: number;
  readonly logger: Logger;
}

/** @throws OdinError `bad_option`, naming the option */
export function resolveRedis(options: RedisClusterOptions): ResolvedRedis {
  const { url, client, namespace = 'odin', logger = createStderrLogger(), load = loadIoRedis } = options;
  if ((url === undefined) === (client === undefined))
    throw new OdinError('bad_option', 'createRedisCluster: needs either url or client.');
  if (namespace === '' || namespace.length > 200)
    throw new OdinError('bad_option', 'namespace: must have between 1 and 200 characters.');
  const target = client ? client.options : withAuthorities(parseRedisUrl(url ?? ''), options.ca);
  if (client && options.ca !== undefined)
    throw new OdinError('bad_option', 'ca: goes with url; a client brings its own certificates (tls.ca).');
  const connect = client
    ? async (settings: Settings): Promise<Redis> => client.duplicate({ ...settings, keyPrefix: '' })
    : async (settings: Settings): Promise<Redis> => new (await load()).Redis({ ...target, ...settings });
  return {
    connect,
    where: whereOf(target),
    password: target.password ?? undefined,
    keys: `${namespace}:`,
    channels: `${namespace}@${target.db ?? 0}:`,
    commandTimeoutMs: positive('commandTimeoutMs', options.commandTimeoutMs ?? 1_000),
    maxPending: positive('maxPending', options.maxPending ?? 10_000),
    logger,
  };
}

/** Behind Sentinel, host and port of the options are those of nobody. */
function whereOf({ host = 'localhost', port = 6379, name, sentinels }: RedisOptions): string {
  if (!sentinels) return `${host}:${port}`;
  const addresses = sentinels.map((sentinel) => `${sentinel.host ?? 'localhost'}:${sentinel.port ?? 26_379}`);
  return `the master ${JSON.stringify(name)} of Sentinel ${addresses.join(', ')}`;
}

/**
 * The parts of a `redis://` or `rediss://` URL.
 *
 * @throws OdinError `bad_option`, without the URL: it may have a password
 */
export function parseRedisUrl(text: string): RedisOptions {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = /^\/(\d{1,5})?$/.exec(url?.pathname || '/')?.[1] ?? (url && url.pathname.length > 1 ? '' : '0');
  const known = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  if (!url || !known || url.hostname === '' || url.search !== '' || url.hash !== '' || database === '')
    throw new OdinError(
      'bad_option',
      'The URL of Redis must look like redis://user:password@host:6379/0, or rediss:// for TLS, with nothing after the number of the database. Characters such as @ and / in a password must be escaped.',
    );
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    db: Number(database),
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: {} }),
  };
}

function withAuthorities(target: RedisOptions, ca: RedisClusterOptions['ca']): RedisOptions {
  if (ca === undefined) return target;
  if (!target.tls)
    throw new OdinError('bad_option', 'ca: needs a URL that begins with rediss://, else nothing is encrypted.');
  const certificates = [ca].flat();
  if (certificates.length === 0 || !certificates.every((pem) => String(pem).includes('-----BEGIN CERTIFICATE-----')))
    throw new OdinError('bad_option', 'ca: must be certificates as PEM, not the names of files.');
  return { ...target, tls: { ...target.tls, ca: certificates } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new OdinError('bad_option', 'The URL of Redis: user or password has a % that is not an escape; write %25.');
  }
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new OdinError('bad_option', `${name}: must be a whole number above 0, got ${value}.`);
}

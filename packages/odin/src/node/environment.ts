import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { parseGripUrl } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import type { AuthOptions } from '../auth/options.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { OdinError } from '../errors.ts';
import type { HermodOptions } from '../hermod/options.ts';
import type { OdinServerOptions } from '../options.ts';
import { createRedisCluster } from '../redis/create-redis-cluster.ts';
import type { ToolRule } from '../registry/tool-rules.ts';

/** The parts of the options that differ between places, not between programs. */
export type EnvironmentOptions = Pick<
  OdinServerOptions,
  'url' | 'auth' | 'hermod' | 'secrets' | 'cluster' | 'toolRules'
>;

/**
 * Options from the environment, as `asgard dev` and `asgard infra` set it.
 *
 * | variable | option |
 * | --- | --- |
 * | `ASGARD_URL` | `url`: the public URL of the MCP endpoint |
 * | `ASGARD_ISSUER` | `auth.issuer` |
 * | `ASGARD_JWKS_URI` | `auth.jwksUri`: where the issuer's keys are, when its own address leads nowhere from here, as inside a container |
 * | `ASGARD_DANGEROUSLY_ALLOW_HTTP=true` | `auth.dangerouslyAllowHttp`: the keys may come over plain HTTP: for a closed network of containers only |
 * | `ASGARD_AUTH=none` | no `auth`, said on purpose |
 * | `GRIP_URL` | `hermod`: `tcp://host:port[,host:port]?verify-key=…&verify-iss=…` |
 * | `ASGARD_SECRETS` | `secrets`, several separated by spaces; they also seal the links of held calls |
 * | `ASGARD_ADVERTISE` | `hermod.recovery.advertise`: where the proxy reaches this replica; `{hostname}` in it is replaced |
 * | `ASGARD_SERVICE` | `hermod.recovery.service`: where the proxy reaches any replica; needs `ASGARD_ADVERTISE` and `REDIS_URL` |
 * | `ASGARD_REPLICA` | `hermod.replica`; by default made of the host's name and `PORT` |
 * | `REDIS_URL` | `cluster`: `redis://:password@host:6379/0` or `rediss://…`; needs `ASGARD_SECRETS` and the package ioredis |
 * | `ASGARD_TOOL_RULES` | `toolRules`, as JSON: `{"admin_*":{"deny":true},"search":{"perMinute":60}}` |
 *
 * @throws OdinError `bad_option` when neither `ASGARD_ISSUER` nor `ASGARD_AUTH=none` is set, and for what cannot be read
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): EnvironmentOptions {
  const { ASGARD_URL: url, ASGARD_ISSUER: issuer, ASGARD_AUTH: auth, GRIP_URL: gripUrl } = env;
  if (!issuer && auth !== 'none') {
    throw new OdinError(
      'bad_option',
      'ASGARD_ISSUER is not set, so nobody could be asked for a token. Set it (and ASGARD_URL), run the server with "asgard dev", or say ASGARD_AUTH=none to serve everybody.',
    );
  }
  const secrets = env.ASGARD_SECRETS?.trim().split(/\s+/);
  const toolRules = env.ASGARD_TOOL_RULES ? toolRulesOf(env.ASGARD_TOOL_RULES) : undefined;
  const cluster = env.REDIS_URL ? clusterOf(env.REDIS_URL, { secrets, env }) : undefined;
  return {
    ...(url && { url }),
    ...(issuer && auth !== 'none' && { auth: authOf(issuer, env) }),
    ...(gripUrl && { hermod: hermodOf(gripUrl, { secrets, env }) }),
    ...(secrets && { secrets }),
    ...(cluster && { cluster }),
    ...(toolRules && { toolRules }),
  };
}

function authOf(issuer: string, env: Readonly<Record<string, string | undefined>>): AuthOptions {
  const { ASGARD_JWKS_URI: jwksUri } = env;
  const dangerouslyAllowHttp = env.ASGARD_DANGEROUSLY_ALLOW_HTTP === 'true';
  return { issuer, ...(jwksUri && { jwksUri }), ...(dangerouslyAllowHttp && { dangerouslyAllowHttp }) };
}

/** Servers with other URLs may share the Redis: each has its own names in it. */
function clusterOf(url: string, { secrets, env }: ReplicaEnvironment): Cluster {
  if (!secrets) {
    throw new OdinError(
      'bad_option',
      'REDIS_URL is set, but ASGARD_SECRETS is not: replicas that share sessions must be able to read them. Give every replica the same secret of at least 32 characters.',
    );
  }
  try {
    return createRedisCluster({ url, namespace: env.ASGARD_URL ? `odin:${env.ASGARD_URL}` : 'odin' });
  } catch (thrown) {
    if (!(thrown instanceof OdinError)) throw thrown;
    throw new OdinError('bad_option', `REDIS_URL: ${thrown.message}`, { cause: thrown });
  }
}

/** What is in it is checked by the server. */
function toolRulesOf(text: string): Readonly<Record<string, ToolRule>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, ToolRule>;
  } catch {
    // Said below: text that cannot be read must not become a server without rules.
  }
  throw new OdinError('bad_option', 'ASGARD_TOOL_RULES: must be a JSON object such as {"admin_*":{"deny":true}}.');
}

interface ReplicaEnvironment {
  readonly secrets: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

function hermodOf(gripUrl: string, { secrets, env }: ReplicaEnvironment): HermodOptions {
  const endpoint = parseGripUrl(gripUrl);
  if (endpoint.kind !== 'zeromq') {
    throw new OdinError(
      'bad_option',
      'GRIP_URL: use tcp://host:port, the address of push_in_sub_specs. An http:// address cannot tell when a stream is held.',
    );
  }
  const { urls, verifyKeys: keys, verifyIssuer: issuer } = endpoint;
  if (keys.length === 0) {
    throw new OdinError(
      'bad_option',
      'GRIP_URL: has no verify-key, so no request could be told to come from the proxy.',
    );
  }
  const advertise = env.ASGARD_ADVERTISE?.replaceAll('{hostname}', hostname());
  const { ASGARD_REPLICA: replica = replicaName(env.PORT), ASGARD_SERVICE: service } = env;
  return {
    publisher: createXpubPublisher({ urls }),
    keys,
    replica,
    recovery: {
      sealer: createLeaseSealer({ keys: secrets ?? [randomSecret()] }),
      ...(advertise && { advertise }),
      ...(service && { service }),
    },
    ...(issuer !== undefined && { issuer }),
  };
}

/** The same after a restart, so that the streams of the process before are recognised; different for each replica on a host. */
function replicaName(port = '8080'): string {
  return `${hostname()}-${port}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(-64);
}

/** Good until this process ends: links of held calls then lead nowhere, and the proxy closes their streams. */
function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

import type { DocumentedInterface } from './interfaces.ts';

interface Topic {
  readonly title: string;
  /** Options by the interface that has them. `prefix`: where the object is given, before the option's name. */
  readonly options: readonly {
    readonly file: string;
    readonly name: string;
    readonly prefix: string;
    readonly members: readonly string[];
  }[];
}

const from = (file: string, name: string, prefix: string) => ({
  of: (...members: string[]) => ({ file: `packages/${file}`, name, prefix, members }),
});
const server = from('odin/src/options.ts', 'OdinServerOptions', '');
const http = from('odin/src/http/options.ts', 'HttpOptions', 'http.');
const hermod = from('odin/src/hermod/options.ts', 'HermodOptions', 'hermod.');
const recovery = from('odin/src/hermod/recovery.ts', 'HermodRecovery', 'hermod.recovery.');
const sessions = from('odin/src/legacy/options.ts', 'SessionOptions', 'sessions.');
const redis = from('odin/src/redis/options.ts', 'RedisClusterOptions', 'createRedisCluster: ');
const close = from('odin/src/server.ts', 'CloseOptions', 'close: ');
const holds = from('grip/src/holds/options.ts', 'HoldsOptions', 'createHolds: ');
const verifier = from('heimdall-client/src/options.ts', 'TokenVerifierOptions', 'createTokenVerifier: ');
const cache = from('heimdall-client/src/options.ts', 'TokenCacheOptions', 'createTokenVerifier: cache.');
const introspection = from('heimdall-client/src/issuer-options.ts', 'IntrospectionOptions', 'introspection.');
const dpop = from('heimdall-client/src/dpop/options.ts', 'DpopOptions', 'dpop.');
const tenants = from('heimdall-client/src/tenant/directory.ts', 'TenantDirectoryOptions', 'createTenantDirectory: ');

/** What somebody asks who runs a server for many, by what they ask about. */
export const LIMITS: readonly Topic[] = [
  { title: 'Bodies and lists', options: [http.of('maxBodyBytes'), server.of('pageSize')] },
  {
    title: 'Streams and subscriptions of this process',
    options: [http.of('patienceMs', 'keepAliveMs', 'maxSubscriptions')],
  },
  {
    title: 'Held streams',
    options: [
      hermod.of('maxHoldMs'),
      recovery.of('timeoutSeconds'),
      holds.of('maxHolds', 'maxBytesPerHold', 'readinessTimeoutMs', 'graceMs'),
    ],
  },
  {
    title: 'Sessions of older clients',
    options: [sessions.of('ttlMs', 'maxEvents', 'maxEventChars', 'maxStreams', 'retryMs')],
  },
  {
    title: 'Tokens and users',
    options: [
      cache.of('maxEntries', 'maxTtlMs'),
      verifier.of('maxConcurrency', 'requestTimeoutMs', 'clockToleranceSeconds'),
      introspection.of('maxTtlMs', 'refusedTtlMs'),
      dpop.of('maxAgeSeconds', 'maxProofs'),
      tenants.of('maxEntries', 'ttlMs', 'missTtlMs'),
    ],
  },
  { title: 'The store that replicas share', options: [redis.of('commandTimeoutMs', 'maxPending')] },
  { title: 'The end', options: [close.of('deadlineMs')] },
];

/**
 * The page of limits and defaults.
 *
 * @throws Error for an option that its interface does not have, or that has no default
 */
export function formatLimits(
  topics: readonly Topic[],
  read: (file: string, name: string) => DocumentedInterface,
): string {
  return [
    '# Limits and defaults',
    '',
    '<!-- Made from the types by `npm run reference`. Do not edit. -->',
    '',
    'What is bounded, and by how much unless you say otherwise. `createHolds` is for users of `@asgard/grip` alone; a server of Odin has its own',
    'holds, with these defaults. All options: [odin](odin-options.md), [grip](grip-options.md), [heimdall-client](heimdall-client-options.md).',
    '',
    ...topics.flatMap(({ title, options }) => [
      `## ${title}`,
      '',
      '| option | default | meaning |',
      '| --- | ---: | --- |',
      ...options.flatMap(({ file, name, prefix, members }) => formatRows(read(file, name), prefix, members)),
      '',
    ]),
  ].join('\n');
}

function formatRows(found: DocumentedInterface, prefix: string, members: readonly string[]): string[] {
  return members.map((name) => {
    const member = found.members.find((one) => one.name === name);
    if (member?.fallback === undefined) throw new Error(`${found.name} has no ${name} with a default`);
    const digits = member.fallback.replaceAll('_', '');
    const value = /^\d+$/.test(digits) ? Number(digits).toLocaleString('en') : member.fallback;
    return `| \`${prefix}${name}\` | ${value} | ${member.text.replaceAll('|', '\\|')} |`;
  });
}

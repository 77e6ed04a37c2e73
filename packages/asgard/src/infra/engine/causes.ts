/** What a line in the log of a service most often means. The first that fits counts. */
const CAUSES: readonly (readonly [service: string, line: RegExp, cause: string])[] = [
  [
    '',
    /permission denied.*(?:\.conf|\.yml|\.yaml|\.json|import)/i,
    'The container cannot read a mounted file. The folder must be shared with the engine and its files readable.',
  ],
  ['', /no space left on device/i, 'The disk of the engine is full: docker system df shows what takes it.'],
  [
    '',
    /\b(?:OOMKilled|out of memory|Cannot allocate memory|Killed process)\b/i,
    'The engine has too little memory. Give it 4 GB.',
  ],
  ['', /exec format error/i, 'The image is for another processor.'],
  [
    'database',
    /password authentication failed/i,
    'The database was made with another password. Either bring back .asgard/infra/secrets.env or start anew: asgard infra reset',
  ],
  [
    'database',
    /incompatible with server|initialized by PostgreSQL version/i,
    'The volume was made by another version of Postgres. Dump and load it, or start anew: asgard infra reset',
  ],
  [
    'heimdall',
    /password authentication failed|FATAL: password/i,
    'The database was made with another password. Either bring back .asgard/infra/secrets.env or start anew: asgard infra reset',
  ],
  [
    'heimdall',
    /Unable to import|Failed to .*import|Unrecognized field/i,
    'Keycloak refuses realm.json. If you changed it, see the lines above for the field.',
  ],
  [
    'heimdall',
    /Connection (?:to .*)?refused|UnknownHostException/i,
    'Keycloak does not reach its database. Look at: asgard infra logs database',
  ],
  [
    'bifrost',
    /error parsing declarative config|in 'plugins'|failed to parse/i,
    'Kong refuses kong.yml. If you changed it, see the lines above for the field.',
  ],
  [
    'bifrost',
    /module .*(?:openidc|oidc).* not found|plugin is enabled but not installed/i,
    'The image of the gateway lacks kong-oidc. Build it anew: asgard infra up --pull always',
  ],
  [
    'hermod',
    /Address already in use|failed to bind/i,
    'A port inside the container is taken twice. If you changed pushpin.conf, see its ports.',
  ],
  ['hermod', /@GRIP_KEY@|sig_key/i, 'The signing key did not reach Pushpin. Look at .asgard/infra/secrets.env.'],
  ['store', /WRONGPASS|NOAUTH/i, 'The store was started with another password. Start it anew: asgard infra up'],
  [
    'odin',
    /ASGARD_ISSUER is not set|bad_option/i,
    'The server did not get its settings. Does it call fromEnvironment() of @asgard/odin/node?',
  ],
  [
    'odin',
    /redis_missing|needs the package ioredis/i,
    'The image lacks ioredis, by which replicas share what they have in common: npm install ioredis@6, and build it anew.',
  ],
  [
    'odin',
    /The shared state in Redis .*(?:WRONGPASS|NOAUTH)/i,
    'The store has another password than the server was given. Start both anew: asgard infra up',
  ],
  [
    'odin',
    /Cannot find (?:module|package)/i,
    'The image lacks a file or a package. See the Dockerfile: it must copy what the build makes and install what it needs.',
  ],
  ['odin', /EADDRINUSE/i, 'The server listens twice on its port.'],
];

/** The likely cause of a failed start, or undefined when the log says nothing that is known. */
export function likelyCause(service: string, lines: readonly string[]): string | undefined {
  // What is said last is nearest to the end.
  for (const line of [...lines].reverse()) {
    const found = CAUSES.find(([owner, pattern]) => (owner === '' || owner === service) && pattern.test(line));
    if (found !== undefined) return found[2];
  }
  return undefined;
}

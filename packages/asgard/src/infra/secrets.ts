/** Every secret of the stack. Each is made on this machine by the first `asgard infra up`; none has a default. */
export const SECRETS = {
  ASGARD_GRIP_KEY: 'signs Grip-Sig: Hermod has it, Odin checks it',
  ASGARD_SEAL_KEY: 'seals what Odin hands to clients and gets back: request states, sessions, links',
  ASGARD_DATABASE_PASSWORD: 'Heimdall at its database',
  ASGARD_ADMIN_PASSWORD: 'first administrator of Heimdall',
  ASGARD_BIFROST_SECRET: 'client "bifrost", which may introspect tokens',
  ASGARD_ODIN_SECRET: 'client "odin": introspection and token exchange',
  ASGARD_STORE_PASSWORD: 'Odin at the shared store',
  ASGARD_GRAFANA_PASSWORD: 'administrator of Grafana',
  ASGARD_INSPECTOR_TOKEN: 'browser at the proxy of the Inspector',
  ASGARD_FREYA_PASSWORD: 'demo user freya of valhalla',
  ASGARD_LOKI_PASSWORD: 'demo user loki of jotunheim',
} as const;

export type SecretName = keyof typeof SECRETS;
export type Secrets = Readonly<Record<SecretName, string>>;

export const SECRET_NAMES = Object.keys(SECRETS) as readonly SecretName[];

/** Bytes of randomness in each. */
export const SECRET_BYTES = 32;

/** Names of the secrets that are missing or too short to be one of ours. */
export function findWeakSecrets(known: Readonly<Partial<Record<SecretName, string>>>): readonly SecretName[] {
  return SECRET_NAMES.filter((name) => !isStrong(known[name]));
}

/** Keeps the secrets that are there and makes the others. */
export function completeSecrets(
  known: Readonly<Partial<Record<SecretName, string>>>,
  randomBytes: (size: number) => Uint8Array,
): Secrets {
  const entries = SECRET_NAMES.map((name) => {
    const value = known[name];
    return [name, isStrong(value) ? value : toBase64Url(randomBytes(SECRET_BYTES))] as const;
  });
  return Object.fromEntries(entries) as Secrets;
}

/** An env file that compose reads with `--env-file`. Values need no quotes: they are base64url. */
export function formatSecrets(secrets: Secrets): string {
  const lines = SECRET_NAMES.flatMap((name) => [`# ${SECRETS[name]}`, `${name}=${secrets[name]}`]);
  return `# Made by "asgard infra up". Keep it private; "asgard infra reset" makes new ones.\n${lines.join('\n')}\n`;
}

/** What an env file has of ours; other lines are not looked at. */
export function parseSecrets(text: string): Partial<Record<SecretName, string>> {
  const found: Partial<Record<SecretName, string>> = {};
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name in SECRETS) found[name as SecretName] = value;
  }
  return found;
}

function isStrong(value: string | undefined): value is string {
  return value !== undefined && /^[A-Za-z0-9_-]{43,}$/.test(value);
}

function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

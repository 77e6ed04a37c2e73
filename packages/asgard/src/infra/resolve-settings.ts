import * as z from 'zod';
import { AsgardError } from '../errors.ts';
import { PARAM_HEADER } from './cors.ts';
import { type InfraSettings, isPrivate, type ServerPlace } from './settings.ts';
import { parseToolRules } from './tool-rules.ts';

/** What flags say. */
export interface SettingFlags {
  readonly port?: number | undefined;
  readonly edge?: string | undefined;
  readonly server?: string | undefined;
}

export interface SettingSources {
  /** Name of the project, from its package.json. */
  readonly name: string;
  /** Text of asgard.json; undefined when there is none. */
  readonly config: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: SettingFlags;
  /** Flags of an earlier `up`, which stay. @default none */
  readonly kept?: SettingFlags;
  /** Whether the project has a Dockerfile; without one the server runs on this machine. */
  readonly hasDockerfile: boolean;
}

/** Where what names the entrance comes from, as far as advice depends on it. */
export interface SettingOrigins {
  readonly port: 'environment' | 'elsewhere';
  /** `port`: nobody has written it down, so it follows the port. */
  readonly publicUrl: 'environment' | 'file' | 'port';
}

const DEFAULT_PORT = 7999;
const PORT = z.int().min(1).max(65_535);
const ORIGIN = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an exact origin such as https://app.example.com',
});
const TOOL_RULE = z.strictObject({
  deny: z.boolean().optional(),
  perMinute: z.int().min(1).max(100_000).optional(),
  hold: z.boolean().optional(),
});

/** The object `infra` of asgard.json. An unknown name is refused: a typing error must not become a default. */
const CONFIG = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .optional(),
  edge: z.enum(['hermod', 'bifrost']).optional(),
  publicUrl: ORIGIN.optional(),
  mcpPath: z
    .string()
    .regex(/^\/[A-Za-z0-9._/-]*[A-Za-z0-9_-]$/)
    .optional(),
  bind: z.union([z.ipv4(), z.ipv6()]).optional(),
  port: PORT.optional(),
  server: z.enum(['container', 'host']).optional(),
  serverPort: PORT.optional(),
  context: z.string().min(1).optional(),
  replicas: z.int().min(1).max(100).optional(),
  realm: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/)).optional(),
  corsOrigins: z.array(ORIGIN).optional(),
  paramHeaders: z.array(z.string().regex(PARAM_HEADER)).optional(),
  tools: z.record(z.string(), TOOL_RULE).optional(),
  tenantHosts: z
    .array(z.string().regex(/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/))
    .max(1000)
    .optional(),
  registrationsPerMinute: z.int().min(1).max(10_000).optional(),
  links: z.enum(['absolute', 'relative']).optional(),
  maxBodyMegabytes: z.int().min(1).max(64).optional(),
  maxHoldSeconds: z.int().min(60).max(86_400).optional(),
  demoUsers: z.boolean().optional(),
  ports: z
    .strictObject({
      inspector: PORT.optional(),
      inspectorProxy: PORT.optional(),
      grafana: PORT.optional(),
      publish: PORT.optional(),
      store: PORT.optional(),
    })
    .optional(),
});

const FILE = z.looseObject({ infra: CONFIG.optional() });

/**
 * Settings from the command line, the environment (`ASGARD_PORT`, `ASGARD_BIND`, `ASGARD_PUBLIC_URL`, `ASGARD_EDGE`), the flags of an
 * earlier `up`, the object `infra` of asgard.json, and defaults, in that order.
 *
 * @throws AsgardError `bad_settings`, naming the setting
 */
export function resolveSettings(sources: SettingSources): InfraSettings {
  const file = readConfig(sources.config);
  const { env, flags, kept = {} } = sources;
  const config = checked(CONFIG, {
    ...file,
    ...formatFlags(kept),
    ...(env.ASGARD_PORT && { port: Number(env.ASGARD_PORT) }),
    ...(env.ASGARD_BIND && { bind: env.ASGARD_BIND }),
    ...(env.ASGARD_PUBLIC_URL && { publicUrl: env.ASGARD_PUBLIC_URL }),
    ...(env.ASGARD_EDGE && { edge: env.ASGARD_EDGE }),
    ...formatFlags(flags),
  });
  const port = config.port ?? DEFAULT_PORT;
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const bind = config.bind ?? '127.0.0.1';
  const scopes = config.scopes ?? [];
  if (scopes.includes('offline_access')) {
    throw new AsgardError('bad_settings', 'infra.scopes: offline_access is not for resource servers to ask for.');
  }
  return {
    project: config.project ?? projectName(sources.name),
    edge: config.edge ?? 'hermod',
    publicUrl,
    mcpPath: config.mcpPath ?? '/mcp',
    bind,
    port,
    server: serverPlace(config, sources.hasDockerfile),
    realm: config.realm ?? 'asgard',
    scopes,
    corsOrigins: config.corsOrigins ?? inspectorOrigins(config.ports?.inspector ?? 6274),
    paramHeaders: config.paramHeaders ?? [],
    tools: parseToolRules(config.tools ?? {}),
    tenantHosts: tenantHostsOf(config.tenantHosts ?? [], publicUrl),
    // Everybody on this machine has one address.
    registrationsPerMinute: config.registrationsPerMinute ?? (isPrivate({ publicUrl, bind }) ? 120 : 10),
    links: config.links ?? 'absolute',
    maxBodyBytes: (config.maxBodyMegabytes ?? 4) * 1024 * 1024,
    maxHoldSeconds: config.maxHoldSeconds ?? 3600,
    demoUsers: config.demoUsers ?? isPrivate({ publicUrl, bind }),
    ports: {
      inspector: config.ports?.inspector ?? 6274,
      inspectorProxy: config.ports?.inspectorProxy ?? 6277,
      grafana: config.ports?.grafana ?? 3001,
      publish: config.ports?.publish ?? 5562,
      store: config.ports?.store ?? 6379,
    },
  };
}

/** @throws AsgardError `bad_settings` when asgard.json is no good */
export function originsOf({ env, flags, config }: SettingSources): SettingOrigins {
  const isWritten = readConfig(config).publicUrl !== undefined;
  return {
    port: env.ASGARD_PORT && flags.port === undefined ? 'environment' : 'elsewhere',
    publicUrl: env.ASGARD_PUBLIC_URL ? 'environment' : isWritten ? 'file' : 'port',
  };
}

function formatFlags({ port, edge, server }: SettingFlags): object {
  return {
    ...(port !== undefined && { port }),
    ...(edge !== undefined && { edge }),
    ...(server !== undefined && { server }),
  };
}

function readConfig(text: string | undefined): z.infer<typeof CONFIG> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AsgardError('bad_settings', 'asgard.json is not JSON.', { cause });
  }
  return checked(FILE, value).infra ?? {};
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = ['infra', ...(issue?.path ?? [])].filter((part, at) => at === 0 || part !== 'infra').join('.');
  throw new AsgardError('bad_settings', `${path}: ${issue?.message ?? 'is not understood'}`);
}

function serverPlace(config: z.infer<typeof CONFIG>, hasDockerfile: boolean): ServerPlace {
  const kind = config.server ?? (hasDockerfile ? 'container' : 'host');
  if (kind === 'host') return { kind, port: config.serverPort ?? 8080 };
  if (!hasDockerfile && config.context === undefined) {
    throw new AsgardError(
      'bad_settings',
      'The server is to run in a container, but there is no Dockerfile. Write one, or run it on this machine: --server host',
    );
  }
  return { kind, context: config.context ?? '.', replicas: config.replicas ?? 2 };
}

/** The main host is checked by the gateway; on the list of tenants it would not be. */
function tenantHostsOf(hosts: readonly string[], publicUrl: string): readonly string[] {
  if (hosts.includes(new URL(publicUrl).hostname))
    throw new AsgardError('bad_settings', 'infra.tenantHosts: has the host of publicUrl, which is no tenant.');
  return hosts;
}

/** Compose takes lower case letters, digits, _ and -. */
function projectName(name: string): string {
  const clean = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 50);
  return `asgard-${clean || 'server'}`;
}

function inspectorOrigins(port: number): readonly string[] {
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

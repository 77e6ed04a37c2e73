import { parse } from 'yaml';
import * as z from 'zod';
import { AsgardError } from '../../errors.ts';
import type { KongConfig, KongPlugin, KongRoute, KongService } from './config.ts';

const YES_NO = z.enum(['yes', 'no']);
const SCRIPTS = z.array(z.string().min(1)).min(1);
const NAME = z.string().regex(/^[A-Za-z0-9_.~-]+$/);
/** A timer of nginx is 31 bits wide. */
const MILLISECONDS = z
  .int()
  .min(1)
  .max(2 ** 31 - 2);

// A field that is not here is refused: Kong's own check of plugin fields needs a running Kong.
const PLUGIN: z.ZodType<KongPlugin> = z.discriminatedUnion('name', [
  plugin('oidc', {
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
    discovery: z.url(),
    realm: z.string(),
    scope: z.string(),
    bearer_only: YES_NO,
    unauth_action: z.enum(['auth', 'deny', 'pass']),
    bearer_jwt_auth_enable: YES_NO,
    bearer_jwt_auth_allowed_auds: z.array(z.url()),
    bearer_jwt_auth_signing_algs: z.array(z.enum(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'])).min(1),
    ssl_verify: YES_NO,
    timeout: z.int().positive(),
    introspection_endpoint: z.url().optional(),
  }),
  plugin('cors', {
    origins: z.array(z.string()).min(1),
    methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
    headers: z.array(z.string()).optional(),
    exposed_headers: z.array(z.string()),
    credentials: z.boolean(),
    max_age: z.int().nonnegative(),
  }),
  plugin('pre-function', { access: SCRIPTS }),
  plugin('post-function', { access: SCRIPTS.optional(), header_filter: SCRIPTS.optional() }),
  plugin('rate-limiting', {
    minute: z.int().positive(),
    policy: z.enum(['local', 'redis']),
    limit_by: z.enum(['header', 'ip', 'credential', 'service', 'path', 'consumer']),
    header_name: z.string().optional(),
    fault_tolerant: z.boolean(),
  }),
  plugin('request-termination', {
    status_code: z.int().min(100).max(599),
    content_type: z.string(),
    body: z.string(),
  }),
  plugin('request-size-limiting', {
    allowed_payload_size: z.int().positive(),
    size_unit: z.enum(['megabytes', 'kilobytes', 'bytes']),
    require_content_length: z.boolean(),
  }),
  plugin('correlation-id', {
    header_name: z.string(),
    generator: z.enum(['uuid', 'uuid#counter', 'tracker']),
    echo_downstream: z.boolean(),
  }),
  plugin('prometheus', {
    per_consumer: z.boolean(),
    status_code_metrics: z.boolean(),
    latency_metrics: z.boolean(),
    bandwidth_metrics: z.boolean(),
    upstream_health_metrics: z.boolean(),
  }),
]);

const ROUTE: z.ZodType<KongRoute> = z.strictObject({
  name: NAME,
  paths: z.array(z.string().regex(/^~?\//)).min(1),
  hosts: z.array(z.string().min(1)).min(1).optional(),
  methods: z
    .array(z.string().regex(/^[A-Z]+$/))
    .min(1)
    .optional(),
  // Kong takes a regular expression only where it is the one value.
  headers: z.record(z.string().regex(/^[a-z0-9-]+$/), z.array(z.string()).length(1)).optional(),
  strip_path: z.boolean(),
  preserve_host: z.boolean(),
  request_buffering: z.boolean(),
  response_buffering: z.boolean(),
  plugins: z.array(PLUGIN).optional(),
});

const SERVICE: z.ZodType<KongService> = z.strictObject({
  name: NAME,
  url: z.url(),
  connect_timeout: MILLISECONDS,
  read_timeout: MILLISECONDS,
  write_timeout: MILLISECONDS,
  retries: z.int().min(0).max(32_767),
  routes: z.array(ROUTE).min(1),
  plugins: z.array(PLUGIN).optional(),
});

const CONFIG: z.ZodType<KongConfig> = z.strictObject({
  _format_version: z.literal('3.0'),
  _transform: z.literal(true),
  plugins: z.array(PLUGIN),
  services: z.array(SERVICE).min(1),
});

/** Reads the text of a kong.yml. @throws AsgardError `bad_file`, naming the field */
export function parseKongConfig(text: string): KongConfig {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new AsgardError('bad_file', 'kong.yml is not YAML.', { cause });
  }
  const result = CONFIG.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AsgardError('bad_file', `kong.yml: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
}

function plugin<const Name extends string, Shape extends z.ZodRawShape>(name: Name, config: Shape) {
  return z.strictObject({ name: z.literal(name), config: z.strictObject(config) });
}

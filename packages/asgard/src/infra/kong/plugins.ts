import { CORS_MAX_AGE_SECONDS, CORS_METHODS, corsHeadersOf, EXPOSED_HEADERS } from '../cors.ts';
import type { BodyRule } from '../registration-rule.ts';
import type { InfraRoute } from '../route.ts';
import { type InfraSettings, internalIssuerOf, mcpUrlOf } from '../settings.ts';
import { bodyScript } from './body-script.ts';
import type { KongPlugin } from './config.ts';
import { accessScript, challengeScript, denialBody, mcpHeadersScript, streamScript } from './scripts.ts';

/** In JWT mode kong-oidc sends no secret to anybody, but its schema wants the field. Nothing knows this word. */
export const UNUSED_CLIENT_SECRET = 'unused-in-jwt-mode';

/** The user of a request, as kong-oidc writes it for the plugins after it. */
const USER_HEADER = 'X-Credential-Identifier';

/** For every request, whatever its route. */
export function globalPlugins(settings: InfraSettings): readonly KongPlugin[] {
  return [
    { name: 'pre-function', config: { access: [accessScript(settings)] } },
    {
      name: 'correlation-id',
      config: { header_name: 'X-Request-Id', generator: 'uuid', echo_downstream: true },
    },
    {
      name: 'request-size-limiting',
      config: { allowed_payload_size: settings.maxBodyBytes, size_unit: 'bytes', require_content_length: false },
    },
    {
      name: 'prometheus',
      config: {
        per_consumer: false,
        status_code_metrics: true,
        latency_metrics: true,
        bandwidth_metrics: true,
        upstream_health_metrics: true,
      },
    },
  ];
}

/** For services of the MCP endpoint whose tokens the gateway checks. */
export function tokenPlugins(settings: InfraSettings, mcpHeaders: boolean): readonly KongPlugin[] {
  return [
    corsPlugin(settings),
    oidcPlugin(settings),
    postFunction([challengeScript(settings), streamScript()], mcpHeaders),
  ];
}

/** For services of the MCP endpoint whose tokens the server checks, and whose challenges it writes. */
export function serverPlugins(settings: InfraSettings, mcpHeaders: boolean): readonly KongPlugin[] {
  return [corsPlugin(settings), postFunction([streamScript()], mcpHeaders)];
}

function postFunction(headerFilter: readonly string[], mcpHeaders: boolean): KongPlugin {
  const access = mcpHeaders ? { access: [mcpHeadersScript()] } : {};
  return { name: 'post-function', config: { ...access, header_filter: headerFilter } };
}

function corsPlugin(settings: InfraSettings): KongPlugin {
  const headers = corsHeadersOf(settings);
  return {
    name: 'cors',
    config: {
      origins: settings.corsOrigins,
      methods: [...CORS_METHODS],
      ...(headers ? { headers } : {}),
      exposed_headers: EXPOSED_HEADERS,
      credentials: false,
      max_age: CORS_MAX_AGE_SECONDS,
    },
  };
}

function oidcPlugin(settings: InfraSettings): KongPlugin {
  return {
    name: 'oidc',
    config: {
      client_id: 'bifrost',
      client_secret: UNUSED_CLIENT_SECRET,
      discovery: `${internalIssuerOf(settings)}/.well-known/openid-configuration`,
      realm: settings.realm,
      scope: 'openid',
      bearer_only: 'yes',
      unauth_action: 'deny',
      bearer_jwt_auth_enable: 'yes',
      // One only: the cache of checked tokens does not look at the audience.
      bearer_jwt_auth_allowed_auds: [mcpUrlOf(settings)],
      bearer_jwt_auth_signing_algs: ['RS256'],
      // The network between the containers is private and speaks plain HTTP.
      ssl_verify: 'no',
      timeout: 5000,
    },
  };
}

/** Requests in a minute, counted in this gateway. */
export function rateLimit(perMinute: number, by: NonNullable<InfraRoute['limitBy']>): KongPlugin {
  const key = by === 'user' ? { limit_by: 'header', header_name: USER_HEADER } : { limit_by: 'ip' };
  return { name: 'rate-limiting', config: { minute: perMinute, policy: 'local', ...key, fault_tolerant: true } };
}

/** Lets a part of a body through. A larger one than any that is meant is not even read. */
export function bodyPlugins(rule: BodyRule): readonly KongPlugin[] {
  return [
    {
      name: 'request-size-limiting',
      config: { allowed_payload_size: rule.maxBytes, size_unit: 'bytes', require_content_length: false },
    },
    { name: 'post-function', config: { access: [bodyScript(rule)] } },
  ];
}

export function denial(settings: InfraSettings): KongPlugin {
  return {
    name: 'request-termination',
    config: { status_code: 403, content_type: 'application/json', body: denialBody(settings) },
  };
}

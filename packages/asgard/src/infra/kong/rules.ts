import type { KongConfig, KongPlugin, KongRoute, KongService, OidcConfig, PluginName } from './config.ts';

/** What the surroundings of a kong.yml say; each is compared when it is given. */
export interface KongExpectations {
  readonly audience?: string;
  readonly maxHoldSeconds?: number;
}

/**
 * What is wrong with a configuration that Kong itself would accept: every rule is a defect of Kong or kong-oidc that was measured
 * (docs/operations/bifrost.md). Empty when nothing is.
 */
export function findKongFaults(config: KongConfig, expected: KongExpectations = {}): readonly string[] {
  return [
    ...globalFaults(config),
    ...config.services.flatMap((service) => serviceFaults(service, expected)),
    ...audienceFaults(config, expected),
    ...openFaults(config, expected),
    ...shadowFaults(config),
  ];
}

function globalFaults({ plugins }: KongConfig): string[] {
  const script = pluginOf(plugins, 'pre-function')?.config.access.join('\n') ?? '';
  const faults = ['X-Userinfo', 'X-ID-Token', 'X-Access-Token', 'X-Credential-Identifier']
    .filter((header) => !script.includes(header))
    .map((header) => `pre-function does not strip ${header}: a client can forge it`);
  if (!script.includes('upstream_x_forwarded_host')) {
    faults.push('pre-function does not overwrite X-Forwarded-Host: what a client says would reach the server');
  }
  return faults;
}

function serviceFaults(service: KongService, { maxHoldSeconds }: KongExpectations): string[] {
  const faults: string[] = [];
  const oidc = pluginOf(service.plugins, 'oidc')?.config;
  if (service.retries !== 0) faults.push(`service ${service.name}: retries is not 0, so a call could be made twice`);
  if (oidc !== undefined && maxHoldSeconds !== undefined && service.read_timeout < maxHoldSeconds * 1000) {
    faults.push(`service ${service.name}: read_timeout is shorter than the longest stream (${maxHoldSeconds} s)`);
  }
  for (const route of service.routes.filter(({ response_buffering }) => response_buffering)) {
    faults.push(`route ${route.name}: response_buffering is on, so streams go through files`);
  }
  if (oidc !== undefined) faults.push(...oidcFaults(service.name, oidc));
  const cors = pluginOf(service.plugins, 'cors')?.config;
  if (cors?.origins.includes('*') === true) {
    faults.push(`service ${service.name}: cors allows every origin${cors.credentials ? ', with credentials' : ''}`);
  }
  if (
    oidc !== undefined &&
    !pluginOf(service.plugins, 'post-function')?.config.header_filter?.join().includes('resource_metadata')
  ) {
    faults.push(
      `service ${service.name}: a 401 has no resource_metadata, so clients cannot find the issuer (RFC 9728)`,
    );
  }
  return faults;
}

function oidcFaults(name: string, oidc: OidcConfig): string[] {
  const faults: string[] = [];
  if (oidc.bearer_only !== 'yes' || oidc.unauth_action !== 'deny') {
    faults.push(`service ${name}: oidc must have bearer_only "yes" and unauth_action "deny"`);
  }
  if (oidc.bearer_jwt_auth_enable !== 'yes') {
    faults.push(`service ${name}: oidc does not check the audience without bearer_jwt_auth_enable "yes"`);
  }
  if (oidc.introspection_endpoint !== undefined) {
    faults.push(`service ${name}: with introspection_endpoint a token for another audience is let through after all`);
  }
  return faults;
}

/** kong-oidc's cache of checked tokens is one for all services, and its key leaves the audience out. */
function audienceFaults({ services }: KongConfig, { audience }: KongExpectations): string[] {
  const audiences = new Set(
    services.flatMap(({ plugins }) => pluginOf(plugins, 'oidc')?.config.bearer_jwt_auth_allowed_auds ?? []),
  );
  const faults: string[] = [];
  if (audiences.size > 1) {
    faults.push(
      `there are ${audiences.size} audiences (${[...audiences].join(', ')}): a token for one would pass for another`,
    );
  }
  if (audience !== undefined && !audiences.has(audience)) {
    faults.push(`the audience is ${[...audiences].join(', ') || 'not set'}, not ${audience}`);
  }
  return faults;
}

/** Without a check of tokens the endpoint is for the hosts of tenants only, whose tokens the server checks. */
function openFaults({ services }: KongConfig, { audience }: KongExpectations): string[] {
  if (audience === undefined) return [];
  const { pathname, hostname } = new URL(audience);
  return services
    .filter(({ plugins }) => pluginOf(plugins, 'oidc') === undefined)
    .flatMap(({ routes }) => routes.filter(({ paths }) => paths.includes(pathname)))
    .filter(({ hosts }) => hosts === undefined || hosts.includes(hostname) || hosts.some((host) => host.includes('*')))
    .map(({ name }) => `route ${name}: leads to the endpoint without a check of tokens`);
}

/** A limit or a denial is void when a broader route on the same path has more kinds of rule, or as many and is not told apart. */
function shadowFaults({ services }: KongConfig): string[] {
  const routes = services.flatMap(({ routes: own }) => own);
  return routes.filter(isRestriction).flatMap((restricted) =>
    routes
      .filter((other) => other !== restricted && sharesPath(other, restricted) && !isDenial(other))
      .filter(
        (other) =>
          kinds(other) > kinds(restricted) || (kinds(other) === kinds(restricted) && isBroader(other, restricted)),
      )
      .map((other) => `route ${restricted.name} is bypassed by ${other.name}, which has as many kinds of rule or more`),
  );
}

function isRestriction({ plugins }: KongRoute): boolean {
  return pluginOf(plugins, 'request-termination') !== undefined || pluginOf(plugins, 'rate-limiting') !== undefined;
}

/** What goes there instead is refused as well. */
function isDenial({ plugins }: KongRoute): boolean {
  return pluginOf(plugins, 'request-termination') !== undefined;
}

/** Routes for the hosts of tenants have rules of their own. */
function sharesPath(one: KongRoute, other: KongRoute): boolean {
  if (one.hosts?.join() !== other.hosts?.join()) return false;
  return one.paths.some((path) =>
    other.paths.some((candidate) => candidate.startsWith(path) || path.startsWith(candidate)),
  );
}

/** Every header rule of the broader route is also one of the narrower. */
function isBroader(broad: KongRoute, narrow: KongRoute): boolean {
  const rules = Object.entries(broad.headers ?? {});
  return rules.length > 0 && rules.every(([name, values]) => narrow.headers?.[name]?.join() === values.join());
}

function kinds({ methods, headers, hosts }: KongRoute): number {
  return [methods, headers, hosts].filter((kind) => kind !== undefined).length;
}

function pluginOf<Name extends PluginName>(
  plugins: readonly KongPlugin[] | undefined,
  name: Name,
): Extract<KongPlugin, { name: Name }> | undefined {
  return plugins?.find((plugin): plugin is Extract<KongPlugin, { name: Name }> => plugin.name === name);
}

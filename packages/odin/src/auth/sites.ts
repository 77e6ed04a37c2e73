import { createTenantDirectory, type Tenant, type TenantDirectory } from '@asgard/heimdall-client';
import type { TenantIdentity } from '../protocol/exchange.ts';
import type { Guests } from './guests.ts';
import { type AuthOptions, type ResolvedAuth, resolveAuth } from './options.ts';

/** What a request meets under one host name: whose tokens count there, and whose data it is about. */
export interface Site {
  readonly auth: ResolvedAuth | undefined;
  /** Absent on the server's own host. */
  readonly tenant: TenantIdentity | undefined;
  /** Name for people, in the metadata document. */
  readonly name: string;
}

/** Sites that are kept ready; beyond it the oldest is made anew when it is asked for. */
const MAX_READY_SITES = 1_000;

/** Finds the site of a host. Only the connection's own Host counts, never a forwarded one. */
export class Sites {
  readonly #main: Site;
  readonly #options: AuthOptions | undefined;
  readonly #directory: TenantDirectory | undefined;
  readonly #guests: Guests;
  readonly #ready = new Map<string, Site>();

  constructor(main: Site, options: AuthOptions | undefined, guests: Guests) {
    const tenants = options?.tenants;
    this.#main = main;
    this.#guests = guests;
    if (main.auth) guests.follow(main.auth.verifier);
    this.#options = options;
    this.#directory = isDirectory(tenants) ? tenants : tenants && createTenantDirectory({ tenants });
  }

  /** The server's own site. */
  get main(): Site {
    return this.#main;
  }

  /**
   * The site of a tenant's host; undefined for a host that is nobody's.
   *
   * @throws HeimdallError `unavailable` when the directory cannot be asked
   */
  async ofTenant(host: string): Promise<Site | undefined> {
    const tenant = await this.#directory?.resolve(host);
    return tenant && this.#siteOf(tenant);
  }

  #siteOf(tenant: Tenant): Site {
    const key = JSON.stringify(tenant);
    const known = this.#ready.get(key);
    if (known) return known;
    const { issuer, resource, organization, host, branding } = tenant;
    const { scopes, impliedScopes } = this.#options ?? {};
    const auth = resolveAuth(
      { issuer, ...(scopes && { scopes }), ...(impliedScopes && { impliedScopes }) },
      new URL(resource),
    );
    if (auth) this.#guests.follow(auth.verifier);
    const identity = { host, ...(organization !== undefined && { organization }), ...(branding && { branding }) };
    const site = { auth, tenant: identity, name: branding?.name ?? this.#main.name };
    const [oldest] = this.#ready.keys();
    if (this.#ready.size >= MAX_READY_SITES && oldest !== undefined) this.#ready.delete(oldest);
    this.#ready.set(key, site);
    return site;
  }
}

function isDirectory(value: AuthOptions['tenants']): value is TenantDirectory {
  return typeof value === 'object' && 'resolve' in value;
}

import { createTenantDirectory, type Tenant, type TenantDirectory, type TokenVerifier } from '@asgard/heimdall-client';
import type { TenantIdentity } from '../protocol/exchange.ts';
import type { AuthOptions } from './options.ts';
import { type ResolvedAuth, resolveAuth, type Shared } from './resolve.ts';

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
  readonly #shared: Shared;
  readonly #ready = new Map<string, Site>();
  /** The same by identity: a directory answers with one object as long as nothing changes. */
  readonly #known = new WeakMap<Tenant, Site>();
  /** Those whose verifiers hear of revocations. */
  readonly #hearing = new WeakSet<Site>();

  /** @param shared what the verifiers of tenants have in common */
  constructor(main: Site, options: AuthOptions | undefined, shared: Shared) {
    const tenants = options?.tenants;
    this.#main = main;
    this.#shared = shared;
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
    if (tenant === undefined) return undefined;
    const known = this.#known.get(tenant);
    return known && this.#hearing.has(known) ? known : this.#siteOf(tenant);
  }

  #siteOf(tenant: Tenant): Site {
    const key = JSON.stringify(tenant);
    const site = this.#ready.get(key) ?? this.#create(tenant);
    // The most recent ones last, so that the oldest goes first.
    this.#ready.delete(key);
    this.#ready.set(key, site);
    this.#known.set(tenant, site);
    this.#hearing.add(site);
    this.#makeRoom();
    return site;
  }

  #create({ issuer, resource, organization, host, branding }: Tenant): Site {
    const { scopes, impliedScopes, dpop, exchange, issuer: mainIssuer } = this.#options ?? {};
    const auth = resolveAuth(
      {
        ...{ issuer, ...(scopes && { scopes }), ...(impliedScopes && { impliedScopes }), ...(dpop && { dpop }) },
        // The credentials behind it are good at that issuer only.
        ...(exchange && issuer === mainIssuer && { exchange }),
      },
      new URL(resource),
      this.#shared,
    );
    const identity = { host, ...(organization !== undefined && { organization }), ...(branding && { branding }) };
    return { auth, tenant: identity, name: branding?.name ?? this.#main.name };
  }

  #makeRoom(): void {
    const [oldest] = this.#ready;
    if (this.#ready.size <= MAX_READY_SITES || !oldest) return;
    const [key, site] = oldest;
    this.#ready.delete(key);
    this.#hearing.delete(site);
    if (site.auth) leaveBus(site.auth.verifier);
  }
}

function leaveBus(verifier: Pick<TokenVerifier, 'verify'> & { close?(): void }): void {
  verifier.close?.();
}

function isDirectory(value: AuthOptions['tenants']): value is TenantDirectory {
  return typeof value === 'object' && 'resolve' in value;
}

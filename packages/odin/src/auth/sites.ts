import { createTenantDirectory, parseHost, type Tenant, type TenantDirectory } from '@asgard/heimdall-client';
import type { Logger } from '../observability/logger.ts';
import type { AuthOptions } from './options.ts';
import { type ResolvedAuth, resolveAuth, type Shared } from './resolve.ts';
import type { Site } from './site.ts';
import { TenantSites } from './tenant-sites.ts';
import { findVerification } from './tenant-verification.ts';

export interface SitesOptions {
  /** The server's own site. */
  readonly main: Site;
  readonly auth: AuthOptions | undefined;
  /** What the verifiers of tenants have in common. */
  readonly shared: Shared;
  readonly logger: Logger;
}

/** Finds the site of a host. Only the connection's own Host counts, never a forwarded one. */
export class Sites {
  readonly #options: SitesOptions;
  readonly #directory: TenantDirectory | undefined;
  readonly #tenants: TenantSites;

  constructor(options: SitesOptions) {
    const tenants = options.auth?.tenants;
    this.#options = options;
    this.#directory = isDirectory(tenants) ? tenants : tenants && createTenantDirectory({ tenants });
    this.#tenants = new TenantSites({ make: (tenant) => this.#make(tenant), logger: options.logger });
    this.#directory?.onForget?.((host) => this.#tenants.drop(host));
  }

  /** The server's own site. */
  get main(): Site {
    return this.#options.main;
  }

  /**
   * The site of a tenant's host; undefined for a host that is nobody's.
   *
   * @throws HeimdallError `unavailable` when the directory cannot be asked, or nobody can tell how to verify the tenant's tokens
   */
  async ofTenant(host: string): Promise<Site | undefined> {
    const tenant = await this.#directory?.resolve(host);
    if (tenant !== undefined) return this.#tenants.of(tenant);
    const name = parseHost(host);
    if (name !== undefined) this.#tenants.drop(name);
    return undefined;
  }

  async #make(tenant: Tenant): Promise<Site> {
    const { organization, host, branding } = tenant;
    const auth = await this.#resolve(tenant);
    const identity = { host, ...(organization !== undefined && { organization }), ...(branding && { branding }) };
    return { auth, tenant: identity, name: branding?.name ?? this.main.name };
  }

  async #resolve(tenant: Tenant): Promise<ResolvedAuth | undefined> {
    const { auth, shared } = this.#options;
    const { issuer, resource } = tenant;
    const { scopes, impliedScopes, dpop, exchange, issuer: mainIssuer, tenantVerification } = auth ?? {};
    const { jwksUri, dangerouslyAllowHttp } = auth ?? {};
    const isMain = issuer === mainIssuer;
    return resolveAuth(
      {
        ...{ issuer, ...(scopes && { scopes }), ...(impliedScopes && { impliedScopes }), ...(dpop && { dpop }) },
        ...(isMain && jwksUri !== undefined && { jwksUri }),
        ...(isMain && dangerouslyAllowHttp !== undefined && { dangerouslyAllowHttp }),
        // The credentials behind it are good at that issuer only.
        ...(exchange && isMain && { exchange }),
      },
      { ...shared, url: new URL(resource), verification: await findVerification(tenantVerification, tenant) },
    );
  }
}

function isDirectory(tenants: AuthOptions['tenants']): tenants is TenantDirectory {
  return typeof tenants === 'object' && 'resolve' in tenants;
}

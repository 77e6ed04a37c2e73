import { HeimdallError, type Tenant, type TokenVerifier } from '@asgard/heimdall-client';
import type { Logger } from '../observability/logger.ts';
import type { Site } from './site.ts';

export interface TenantSitesOptions {
  /** Makes the site of a tenant. */
  readonly make: (tenant: Tenant) => Promise<Site>;
  /** Told why a site cannot be made. */
  readonly logger: Logger;
  /** Sites that are kept; beyond it the oldest is made anew when it is asked for. @default 1000 */
  readonly maxEntries?: number;
}

interface Kept {
  /** Everything that the directory says. */
  readonly content: string;
  /** A directory answers with one object as long as nothing changes. */
  tenant: Tenant;
  readonly site: Promise<Site>;
}

/** One site for each tenant, with one verifier: made when it is first asked for, and anew when the tenant is another or was forgotten. */
export class TenantSites {
  readonly #options: TenantSitesOptions;
  readonly #maxEntries: number;
  /** By host, those that were found last at the end. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: TenantSitesOptions) {
    this.#options = options;
    this.#maxEntries = options.maxEntries ?? 1_000;
  }

  /**
   * The site of a tenant. Those who ask meanwhile wait for the same making.
   *
   * @throws HeimdallError `unavailable` when it cannot be made; the next one who asks has it tried again
   */
  of(tenant: Tenant): Promise<Site> {
    const kept = this.#kept.get(tenant.host);
    if (kept?.tenant === tenant) return kept.site;
    const content = JSON.stringify(tenant);
    if (kept?.content === content) {
      kept.tenant = tenant;
      this.#kept.delete(tenant.host);
      this.#kept.set(tenant.host, kept);
      return kept.site;
    }
    this.drop(tenant.host);
    const made: Kept = { content, tenant, site: this.#make(tenant) };
    this.#kept.set(tenant.host, made);
    // What failed is not kept.
    made.site.catch(() => {
      if (this.#kept.get(tenant.host) === made) this.#kept.delete(tenant.host);
    });
    this.#makeRoom();
    return made.site;
  }

  /** Lets go of the site of one host, or of all. Whoever is being served there is served to the end. */
  drop(host?: string): void {
    for (const name of host === undefined ? [...this.#kept.keys()] : [host]) {
      this.#kept.get(name)?.site.then(leaveBus, () => {});
      this.#kept.delete(name);
    }
  }

  async #make(tenant: Tenant): Promise<Site> {
    try {
      return await this.#options.make(tenant);
    } catch (error) {
      this.#options.logger.error({ tenant: tenant.host, error }, 'the tokens of a tenant cannot be verified');
      throw new HeimdallError('unavailable', 'The tokens of the tenant cannot be verified.', {
        ...{ cause: error, retryAfterSeconds: 1 },
      });
    }
  }

  #makeRoom(): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > this.#maxEntries) this.drop(oldest);
  }
}

function leaveBus({ auth }: Site): void {
  const verifier: (Pick<TokenVerifier, 'verify'> & { close?(): void }) | undefined = auth?.verifier;
  verifier?.close?.();
}

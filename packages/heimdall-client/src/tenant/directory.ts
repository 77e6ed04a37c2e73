import { LRUCache } from 'lru-cache';
import { HeimdallError } from '../errors.ts';
import { badOption, wholeNumber } from '../option-rules.ts';
import { parseHost } from './host.ts';

/** What belongs to a host: one customer of a server with many. */
export interface Tenant {
  /** The host under which the server is seen, for example `mcp.acme.example`. */
  readonly host: string;
  /** Whose tokens count there. */
  readonly issuer: string;
  /** Resource identifier there: the audience of tokens and the `resource` of the metadata. */
  readonly resource: string;
  /** Alias of the organization that callers must belong to. @default any */
  readonly organization?: string;
  /** Whatever pages and names need, such as a title or a colour. */
  readonly branding?: Readonly<Record<string, string>>;
}

/** Finds the tenant of a host, in a database for example. Answers `undefined` for a host that is nobody's. */
export type FindTenant = (host: string) => Promise<Tenant | undefined>;

/** Options of `createTenantDirectory`. */
export interface TenantDirectoryOptions {
  /** All tenants, or a way to find one. */
  readonly tenants: readonly Tenant[] | FindTenant;
  /** How long a found tenant is believed, milliseconds. @default 60_000 */
  readonly ttlMs?: number;
  /** How long an unknown host stays unknown, milliseconds. @default 5_000 */
  readonly missTtlMs?: number;
  /** Most hosts that are remembered, found and unknown ones each. @default 1_000 */
  readonly maxEntries?: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** Knows which tenant a request is for. */
export interface TenantDirectory {
  /** The tenant of a host, if that is known without asking: found, or known to be nobody's (`null`). Never throws. */
  peek(host: string): Tenant | null | undefined;
  /**
   * The tenant of a host, or `undefined` for a host that is nobody's. The host must come from the connection or a trusted proxy.
   *
   * @throws HeimdallError `unavailable` when finding fails
   */
  resolve(host: string): Promise<Tenant | undefined>;
  /** Forgets one host, or all, so that a change counts at once. */
  forget(host?: string): void;
  /**
   * Tells of every `forget`, with the host in the form of `parseHost`, or with none for all of them; for whoever keeps something for a tenant. The function
   * returned stops it. A directory without it has what is kept renewed only when the tenant is another. @default nobody is told
   */
  onForget?(listener: (host: string | undefined) => void): () => void;
}

/**
 * Creates a directory of tenants.
 *
 * @throws HeimdallError `bad_option` for two tenants of one host, or a host that is none
 */
export function createTenantDirectory(options: TenantDirectoryOptions): TenantDirectory {
  const find = Array.isArray(options.tenants) ? findIn(options.tenants) : (options.tenants as FindTenant);
  const ttlMs = wholeNumber('ttlMs', options.ttlMs, { fallback: 60_000, max: 86_400_000 });
  const missTtlMs = wholeNumber('missTtlMs', options.missTtlMs, { fallback: 5_000, max: 86_400_000 });
  const max = wholeNumber('maxEntries', options.maxEntries, { fallback: 1_000, min: 1, max: 1_000_000 });
  const now = options.now ?? Date.now;
  const found = new LRUCache<string, { tenant: Tenant; until: number }>({ max });
  /** In a place of their own: made-up hosts must not displace real ones. */
  const unknown = new LRUCache<string, number>({ max });
  const listeners = new Set<(host: string | undefined) => void>();
  const asking = new Map<string, { question: object; answer: Promise<Tenant | undefined> }>();

  function recall(host: string): Tenant | null | undefined {
    const entry = found.get(host);
    if (entry && now() < entry.until) return entry.tenant;
    return (unknown.get(host) ?? 0) > now() ? null : undefined;
  }

  async function ask(host: string): Promise<Tenant | undefined> {
    let answer: Tenant | undefined;
    try {
      answer = await find(host);
    } catch (cause) {
      throw new HeimdallError('unavailable', 'The tenant of the host cannot be found.', {
        cause,
        retryAfterSeconds: 1,
      });
    }
    if (answer === undefined) return undefined;
    // What was found for one host never counts for another.
    if (parseHost(answer.host) !== host) throw new HeimdallError('unavailable', 'A tenant of another host was found.');
    return Object.freeze({ ...answer, host });
  }

  function remember(host: string, tenant: Tenant | undefined): void {
    if (tenant === undefined) unknown.set(host, now() + missTtlMs);
    else {
      unknown.delete(host);
      found.set(host, { tenant, until: now() + ttlMs });
    }
  }

  async function askAndRemember(host: string, question: object): Promise<Tenant | undefined> {
    try {
      const tenant = await ask(host);
      // An answer from before `forget` is given to those who waited, and not kept.
      if (asking.get(host)?.question === question) remember(host, tenant);
      return tenant;
    } finally {
      if (asking.get(host)?.question === question) asking.delete(host);
    }
  }

  return {
    peek(value) {
      const host = parseHost(value);
      return host === undefined ? null : recall(host);
    },
    async resolve(value) {
      const host = parseHost(value);
      if (host === undefined) return undefined;
      const known = recall(host);
      if (known !== undefined) return known ?? undefined;
      const pending = asking.get(host);
      if (pending) return pending.answer;
      const question = {};
      const answer = askAndRemember(host, question);
      asking.set(host, { question, answer });
      return answer;
    },
    forget(value) {
      const host = value === undefined ? undefined : parseHost(value);
      for (const memory of [found, unknown, asking]) {
        if (value === undefined) memory.clear();
        else if (host !== undefined) memory.delete(host);
      }
      if (value !== undefined && host === undefined) return;
      for (const listener of [...listeners]) listener(host);
    },
    onForget(listener) {
      const entry = (host: string | undefined): void => listener(host);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}

function findIn(tenants: readonly Tenant[]): FindTenant {
  const byHost = new Map<string, Tenant>();
  for (const tenant of tenants) {
    const host = parseHost(tenant.host);
    if (host === undefined) throw badOption('tenants', `must have plain host names, not "${tenant.host}"`);
    if (byHost.has(host)) throw badOption('tenants', `names the host "${host}" twice`);
    byHost.set(host, tenant);
  }
  return async (host) => byHost.get(host);
}

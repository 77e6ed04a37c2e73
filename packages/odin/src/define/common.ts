import { OdinError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';

/** An icon for clients that show one (MCP 2026-07-28, basic, "Icons"). */
export interface Icon {
  readonly src: string;
  readonly mimeType?: string;
  readonly sizes?: readonly string[];
  readonly theme?: 'light' | 'dark';
}

/** What every tool, resource and prompt can say of itself. */
export interface Described {
  /** A name for people; clients show it in place of `name`. */
  readonly title?: string;
  /** What it is for; for tools, what the model reads when it chooses. */
  readonly description?: string;
  /** Icons for clients that show one. */
  readonly icons?: readonly Icon[];
  /** Sent to clients as `_meta` of the listed entry, unchanged. */
  readonly meta?: JsonObject;
  /**
   * OAuth scopes that the caller must have, all of them. Who lacks one does not see the entry in lists and
   * is answered 403 `insufficient_scope`. Needs the server option `auth`.
   */
  readonly scopes?: readonly string[];
  /**
   * Roles that the caller must have, all of them: a realm's role by its name, a client's as `client/role`. Who lacks
   * one does not see the entry and is answered 403. Needs the server option `auth`.
   */
  readonly roles?: readonly string[];
  /** Alias of the organization that the caller must belong to; `true` for any. Otherwise as `roles`. */
  readonly organization?: string | true;
}

/** @throws OdinError `bad_option` for a hint that clients would refuse, or that shows to all what is for some */
export function assertCacheHint(
  cache: CacheHint | undefined,
  owner: string,
  { scopes = [], roles = [], organization }: Pick<Described, 'scopes' | 'roles' | 'organization'>,
): void {
  if (!cache) return;
  const { ttlMs, scope } = cache;
  if (!(Number.isFinite(ttlMs) && ttlMs >= 0) || !['public', 'private'].includes(scope)) {
    throw new OdinError(
      'bad_option',
      `${owner}, option cache: needs ttlMs of 0 or more and the scope "public" or "private".`,
    );
  }
  if (scope === 'public' && (scopes.length > 0 || roles.length > 0 || organization !== undefined)) {
    throw new OdinError(
      'bad_option',
      `${owner}, option cache: the scope "public" lets shared caches give it to anybody, but it asks for scopes, roles or an organization. Use "private".`,
    );
  }
}

/** For which callers and for how long a client may keep a result (MCP 2026-07-28, basic, "Caching"). */
export interface CacheHint {
  /** Milliseconds. */
  readonly ttlMs: number;
  readonly scope: 'public' | 'private';
}

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

/** For which callers and for how long a client may keep a result (MCP 2026-07-28, basic, "Caching"). */
export interface CacheHint {
  /** Milliseconds. */
  readonly ttlMs: number;
  readonly scope: 'public' | 'private';
}

import type { Era } from './exchange.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { META } from './vocabulary.ts';

/** Freshness and audience of a cacheable result (MCP 2026-07-28, basic, "Caching"). */
export interface ResultCache {
  readonly ttlMs: number;
  readonly scope: 'public' | 'private';
}

export const NOT_CACHED: ResultCache = { ttlMs: 0, scope: 'private' };

/**
 * Gives a result the members that its era asks for: from 2026-07-28 on `resultType` and the server's identity,
 * and on cacheable results `ttlMs` and `cacheScope`. Older eras get the result as it is.
 */
export function finishResult(era: Era, result: JsonObject, identity: JsonObject, cache?: ResultCache): JsonObject {
  if (era === 'legacy') return result;
  const own = metaOf(identity);
  const _meta = isJsonObject(result._meta) ? { ...result._meta, ...own } : own;
  return cache
    ? { ...result, resultType: 'complete', ttlMs: cache.ttlMs, cacheScope: cache.scope, _meta }
    : { ...result, resultType: 'complete', _meta };
}

const metas = new WeakMap<JsonObject, JsonObject>();

/** The same for every result of a server, so it is made once. */
function metaOf(identity: JsonObject): JsonObject {
  const known = metas.get(identity);
  if (known) return known;
  const made = { [META.serverInfo]: identity };
  metas.set(identity, made);
  return made;
}

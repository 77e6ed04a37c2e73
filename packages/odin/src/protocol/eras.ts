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
  const meta = isJsonObject(result._meta) ? result._meta : undefined;
  return {
    ...result,
    resultType: 'complete',
    ...(cache && { ttlMs: cache.ttlMs, cacheScope: cache.scope }),
    _meta: { ...meta, [META.serverInfo]: identity },
  };
}

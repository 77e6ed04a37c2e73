import type { Catalog } from '../registry/catalog.ts';
import type { Era } from './exchange.ts';
import type { JsonObject } from './json.ts';

/**
 * What the server can do. Change notifications and logs travel with the request that asked for them from
 * 2026-07-28 on, and on the streams of a session before; a stateless answer to an older client cannot carry them, so
 * it does not promise them.
 */
export function capabilitiesOf(catalog: Catalog, era: Era, hasSession = false): JsonObject {
  const live = era === 'modern' || hasSession;
  const extensions = catalog.extensions.capabilities;
  return {
    ...(live && { logging: {} }),
    ...(catalog.completes && { completions: {} }),
    ...(catalog.tools.size > 0 && { tools: live ? { listChanged: true } : {} }),
    ...(catalog.prompts.size > 0 && { prompts: live ? { listChanged: true } : {} }),
    ...(catalog.resources.size + catalog.templates.size > 0 && {
      resources: live ? { subscribe: true, listChanged: true } : {},
    }),
    ...(extensions && { extensions }),
  };
}

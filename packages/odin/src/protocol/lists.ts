import type { ListKind } from '../registry/listing.ts';
import { finishResult, NOT_CACHED } from './eras.ts';
import type { Era } from './exchange.ts';
import type { JsonObject } from './json.ts';

/** A list result as JSON text, in the shape of its era. */
export function formatList(
  kind: ListKind,
  entries: readonly JsonObject[],
  { era, identity }: { era: Era; identity: JsonObject },
): string {
  return JSON.stringify(finishResult(era, { [kind]: entries }, identity, NOT_CACHED));
}

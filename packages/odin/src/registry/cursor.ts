/** One page of a list: where it starts, and how the next one is asked for. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly nextCursor?: string;
}

/**
 * A page of a list whose entries have unique keys. The cursor names the last entry of the page before, so that what
 * is added or removed elsewhere moves nothing; to clients it is opaque (MCP 2026-07-28, server/utilities/pagination).
 *
 * @returns undefined when the cursor is none of this list's
 */
export function pageOf<T>(
  entries: readonly T[],
  options: { cursor?: string; size: number; keyOf: (entry: T) => string },
): Page<T> | undefined {
  const start = startOf(entries, options);
  if (start === undefined) return undefined;
  const page = entries.slice(start, start + options.size);
  const last = page.at(-1);
  const isLast = start + page.length >= entries.length;
  return isLast || last === undefined
    ? { entries: page }
    : { entries: page, nextCursor: formatCursor(options.keyOf(last)) };
}

function startOf<T>(
  entries: readonly T[],
  { cursor, keyOf }: { cursor?: string; keyOf: (entry: T) => string },
): number | undefined {
  if (cursor === undefined) return 0;
  const key = parseCursor(cursor);
  const at = key === undefined ? -1 : entries.findIndex((entry) => keyOf(entry) === key);
  return at < 0 ? undefined : at + 1;
}

function formatCursor(key: string): string {
  return btoa(encodeURIComponent(key)).replaceAll('=', '');
}

function parseCursor(cursor: string): string | undefined {
  try {
    return decodeURIComponent(atob(cursor));
  } catch {
    return undefined;
  }
}

/**
 * Whether Keycloak has what is wanted. What it has beyond that does not count; lists of words are sets; it writes numbers and booleans as
 * text in places, and leaves out what is empty.
 */
export function hasAll(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return hasList(actual, wanted);
  if (typeof wanted === 'object' && wanted !== null) {
    const members = typeof actual === 'object' && actual !== null ? (actual as Record<string, unknown>) : {};
    return Object.entries(wanted).every(([name, value]) => hasAll(members[name], value));
  }
  if (actual === undefined || actual === null) return wanted === '' || wanted === undefined;
  return String(actual) === String(wanted);
}

/** The same in both directions: nothing is left of what an earlier version wrote. */
export function isSame(actual: unknown, wanted: unknown): boolean {
  return hasAll(actual, wanted) && hasAll(wanted, actual);
}

function hasList(actual: unknown, wanted: readonly unknown[]): boolean {
  const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
  if (list.length !== wanted.length) return false;
  if (wanted.every((entry) => typeof entry === 'string')) return wanted.every((entry) => list.includes(entry));
  return wanted.every((entry, at) => hasAll(list[at], entry));
}

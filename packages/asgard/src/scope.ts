import { AsgardError } from './errors.ts';

/** One word of a scope (RFC 6749 section 3.3). */
const WORD = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** Reads the value of one `--scope`. @throws AsgardError `usage` */
export function parseScope(text: string): string {
  if (WORD.test(text)) return text;
  const hint = /\s/.test(text) ? ' Give each a --scope of its own.' : '';
  throw new AsgardError('usage', `--scope "${text}" is not a scope.${hint}`);
}

/** The words of a scope that somebody else said; what can be none is left out. */
export function splitScope(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(' ').filter((word) => WORD.test(word)))];
}

/** The same set of scopes is the same text, in whatever order they were given. */
export function formatScopes(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(' ');
}

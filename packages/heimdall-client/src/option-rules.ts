import { HeimdallError } from './errors.ts';

/**
 * Checks that a URL of the issuer is https, or http to this very machine.
 *
 * @throws HeimdallError `bad_option`
 */
export function secureUrl(name: string, value: unknown, allowHttp: boolean): string {
  if (typeof value !== 'string' || !URL.canParse(value)) throw badOption(name, 'must be an absolute URL');
  const { protocol, hostname, username, password, hash } = new URL(value);
  if (username !== '' || password !== '' || hash !== '') {
    throw badOption(name, 'must have neither user, password nor fragment');
  }
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && (isLoopback || allowHttp))) return value;
  throw badOption(
    name,
    'must be https (plain http only on loopback, or with "dangerouslyAllowHttp" in a closed network)',
  );
}

/** A whole number within bounds. */
export interface Bounds {
  readonly fallback: number;
  readonly max: number;
  /** @default 0 */
  readonly min?: number;
}

/** @throws HeimdallError `bad_option` */
export function wholeNumber(name: string, value: number | undefined, { fallback, max, min = 0 }: Bounds): number {
  const chosen = value ?? fallback;
  if (Number.isInteger(chosen) && chosen >= min && chosen <= max) return chosen;
  throw badOption(name, `must be a whole number from ${min} to ${max}`);
}

/**
 * Secrets of at least 32 bytes, which 43 characters of base64url are.
 *
 * @throws HeimdallError `bad_option`
 */
export function strongKeys(name: string, keys: readonly string[]): readonly [string, ...string[]] {
  const isStrong = (key: unknown): boolean => typeof key === 'string' && /^[A-Za-z0-9_-]{43,}$/.test(key);
  const [first, ...others] = Array.isArray(keys) && keys.every(isStrong) ? (keys as readonly string[]) : [];
  if (first === undefined) throw badOption(name, 'must be secrets of at least 32 bytes, as base64url');
  return Object.freeze([first, ...others] as const);
}

/** The error for an option: which one, and what it must be. */
export function badOption(name: string, rule: string): HeimdallError {
  return new HeimdallError('bad_option', `Option "${name}" ${rule}.`);
}

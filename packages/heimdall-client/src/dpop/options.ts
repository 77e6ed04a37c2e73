import { badOption, strongKeys, wholeNumber } from '../option-rules.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from '../signature-algorithm.ts';
import type { ReplayStore } from './replay.ts';

/** Access tokens that are bound to a key of their holder (RFC 9449). */
export interface DpopOptions {
  /** Accepted algorithms of proofs. @default ['ES256', 'EdDSA', 'RS256', 'PS256'] */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Oldest proof that is taken, seconds; the clock tolerance comes on top. @default 60 */
  readonly maxAgeSeconds?: number;
  /** Most proofs whose ids are remembered; more in one window are answered with `unavailable`. @default 100_000 */
  readonly maxProofs?: number;
  /**
   * Where proofs are remembered as well, for replicas that share it: a proof is then good once among all of them (RFC 9449 section 11.1). While it cannot
   * be asked, proofs are answered with `unavailable`. Odin gives its own when it has a `cluster`. @default a proof is good once in each process
   */
  readonly replays?: ReplayStore;
  /** Demand of every proof a value that this server gave out a moment ago (RFC 9449 section 9). @default not demanded */
  readonly nonce?: DpopNonceOptions;
}

/** Values of the server's own that proofs have to repeat. */
export interface DpopNonceOptions {
  /** Secrets as base64url, at least 32 bytes each, the same on every replica: the first seals, all of them open. */
  readonly keys: readonly string[];
  /** How long one is good, seconds. @default 300 */
  readonly lifetimeSeconds?: number;
}

/** Options after all checks. */
export interface DpopPolicy extends Readonly<Required<Omit<DpopOptions, 'nonce' | 'replays'>>> {
  readonly replays: ReplayStore | undefined;
  readonly nonce: NoncePolicy | undefined;
}

/** Nonces after all checks. */
export interface NoncePolicy extends Readonly<Required<DpopNonceOptions>> {
  readonly keys: readonly [string, ...string[]];
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeDpop(options: DpopOptions): DpopPolicy {
  const algorithms = options.algorithms ?? ['ES256', 'EdDSA', 'RS256', 'PS256'];
  if (!Array.isArray(algorithms) || algorithms.length === 0 || !algorithms.every(isSignatureAlgorithm)) {
    throw badOption('dpop.algorithms', 'must name RS*, PS*, ES* or EdDSA');
  }
  const { replays } = options;
  if (replays !== undefined && typeof replays?.remember !== 'function') {
    throw badOption('dpop.replays', 'must have a method "remember"');
  }
  return Object.freeze({
    algorithms: Object.freeze([...algorithms]),
    maxAgeSeconds: wholeNumber('dpop.maxAgeSeconds', options.maxAgeSeconds, { fallback: 60, min: 1, max: 600 }),
    maxProofs: wholeNumber('dpop.maxProofs', options.maxProofs, { fallback: 100_000, min: 1, max: 10_000_000 }),
    replays,
    nonce: options.nonce && normalizeNonce(options.nonce),
  });
}

function normalizeNonce({ keys, lifetimeSeconds }: DpopNonceOptions): NoncePolicy {
  return Object.freeze({
    keys: strongKeys('dpop.nonce.keys', keys),
    lifetimeSeconds: wholeNumber('dpop.nonce.lifetimeSeconds', lifetimeSeconds, { fallback: 300, min: 1, max: 86_400 }),
  });
}

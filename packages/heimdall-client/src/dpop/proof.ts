import { base64url, calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { parseCompact } from '../compact.ts';
import { HeimdallError, isHeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { SignatureAlgorithm } from '../signature-algorithm.ts';
import { createNonces } from './nonces.ts';
import type { DpopPolicy } from './options.ts';
import { createReplayMemory, type ReplayStore } from './replay.ts';

/** Longest proof that is looked at, characters. */
const maxLength = 8_192;
/** Longest id of a proof, characters. */
const maxIdLength = 256;

/** The request that a proof must be made for. */
export interface ProvenRequest {
  /** The header `DPoP`. There must be exactly one. */
  readonly proof: string;
  readonly method: string;
  /** The URL as the client sees it; query and fragment do not count. */
  readonly url: string;
}

/** Checks that a request comes from the holder of a key. */
export interface ProofVerifier {
  /**
   * Checks a proof for one request with one token (RFC 9449 section 4.3). Each proof is accepted once.
   *
   * @param bound the token, and the thumbprint of the key it is bound to (`cnf.jkt`)
   * @throws HeimdallError `proof_invalid`, `proof_nonce` with the value that the proof must repeat, or `unavailable` when too many proofs are
   *   remembered, or the other replicas' cannot be asked for
   */
  verify(request: ProvenRequest, bound: { readonly token: string; readonly thumbprint: string }): Promise<void>;
}

/** What checking needs beside the policy. */
export interface ProofVerifierOptions {
  readonly clockToleranceSeconds: number;
  readonly now: () => number;
}

/** Creates the check of proofs. */
export function createProofVerifier(
  policy: DpopPolicy,
  { clockToleranceSeconds, now }: ProofVerifierOptions,
): ProofVerifier {
  const { algorithms, maxAgeSeconds, maxProofs, replays } = policy;
  // A proof may be early and late by the tolerance: its id is kept as long as it could come again.
  const keepMs = (maxAgeSeconds + 2 * clockToleranceSeconds) * 1000;
  // The clocks of two replicas, each within the tolerance, are apart by twice as much.
  const shareMs = keepMs + 2 * clockToleranceSeconds * 1000;
  const used = createReplayMemory({ maxEntries: maxProofs, keepMs, now });
  const nonces = policy.nonce && createNonces(policy.nonce, { clockToleranceSeconds, now });

  async function verifyNonce(nonce: unknown): Promise<void> {
    if (!nonces || (await nonces.isGood(nonce))) return;
    const message = 'The proof of the token\'s holder ("DPoP") must repeat a value of this server ("nonce").';
    throw new HeimdallError('proof_nonce', message, { nonce: await nonces.issue() });
  }

  /** The memory of this process first, so that what was used here costs no trip. */
  async function verifyFirstUse(id: string): Promise<void> {
    if (!used.use(id) || (replays && !(await isNew(replays, id, shareMs)))) throw invalid('was used before ("jti")');
  }

  return {
    async verify({ proof, method, url }, { token, thumbprint }) {
      const { header, claims } = parseProof(proof);
      const alg = header.alg as SignatureAlgorithm;
      if (header.typ !== 'dpop+jwt') throw invalid('is of another type ("typ")');
      if (!algorithms.includes(alg)) throw invalid('is signed with an algorithm that is not accepted ("alg")');
      const key = publicKey(header.jwk);
      if (claims.htm !== method) throw invalid('is for another method ("htm")');
      if (typeof claims.htu !== 'string' || target(claims.htu) !== target(url))
        throw invalid('is for another URL ("htu")');
      const { iat, jti } = claims;
      const at = now() / 1000;
      const earliest = at - maxAgeSeconds - clockToleranceSeconds;
      if (typeof iat !== 'number' || iat < earliest || iat > at + clockToleranceSeconds) {
        throw invalid('is not of now ("iat")');
      }
      if (typeof jti !== 'string' || jti === '' || jti.length > maxIdLength) throw invalid('has no usable id ("jti")');
      if (claims.ath !== (await digest(token))) throw invalid('is for another token ("ath")');
      await verifyKey(proof, key, { alg, thumbprint });
      await verifyNonce(claims.nonce);
      // Only now: what anybody could have made must not fill the memory.
      await verifyFirstUse(await digest(`${thumbprint} ${target(url)} ${jti}`));
    },
  };
}

/** Whatever is not a clear yes is none: a proof that nobody can vouch for is not accepted. */
async function isNew(replays: ReplayStore, id: string, ttlMs: number): Promise<boolean> {
  try {
    return (await replays.remember(id, ttlMs)) === true;
  } catch (cause) {
    const message = 'It cannot be found out whether the proof was used at another replica (option "dpop.replays").';
    throw new HeimdallError('unavailable', message, { cause, retryAfterSeconds: 1 });
  }
}

function parseProof(proof: string): { header: JsonObject; claims: JsonObject } {
  if (typeof proof !== 'string' || proof.length > maxLength) throw invalid('is too long');
  try {
    return parseCompact(proof);
  } catch (cause) {
    throw invalid('is not a signed JWT', cause);
  }
}

/** A proof brings its public key along; one with a private part was not made by somebody who keeps it. */
function publicKey(jwk: unknown): JWK {
  if (!isJsonObject(jwk) || typeof jwk.kty !== 'string' || jwk.kty === 'oct')
    throw invalid('has no public key ("jwk")');
  if (['d', 'k', 'p', 'q', 'dp', 'dq', 'qi'].some((part) => part in jwk)) throw invalid('has a private key ("jwk")');
  return jwk as JWK;
}

async function verifyKey(
  proof: string,
  jwk: JWK,
  { alg, thumbprint }: { alg: SignatureAlgorithm; thumbprint: string },
): Promise<void> {
  try {
    if ((await calculateJwkThumbprint(jwk, 'sha256')) !== thumbprint) {
      throw invalid('was made with another key than the token is bound to ("cnf")');
    }
    await compactVerify(proof, await importJWK(jwk, alg), { algorithms: [alg] });
  } catch (cause) {
    throw isHeimdallError(cause) ? cause : invalid('is not signed with its key', cause);
  }
}

/** Scheme, host, port and path, as RFC 9449 section 4.3 has them compared. */
function target(url: string): string {
  if (!URL.canParse(url)) throw invalid('is for an URL that is none ("htu")');
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array(bytes));
}

function invalid(what: string, cause?: unknown): HeimdallError {
  return new HeimdallError('proof_invalid', `The proof of the token's holder ("DPoP") ${what}.`, { cause });
}

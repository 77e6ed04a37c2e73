import { base64url } from 'jose';
import { createReplayMemory } from '../dpop/replay.ts';
import { HeimdallError } from '../errors.ts';
import type { ProofPolicy } from './options.ts';

/** What a gateway signs: its header and the request that it belongs to. */
export interface SignedParts {
  /** Seconds since the epoch. */
  readonly at: number;
  /** Different for each request. */
  readonly nonce: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The header with the user, as it is sent. */
  readonly userinfo: string;
}

/** Checks the signature of a gateway's header. */
export interface SignatureVerifier {
  /** @throws HeimdallError `token_invalid`, or `unavailable` when too many signatures are remembered */
  verify(signature: string | undefined, request: Pick<SignedParts, 'method' | 'target' | 'userinfo'>): Promise<void>;
}

type HmacProof = Extract<ProofPolicy, { kind: 'hmac' }>;

const algorithm = { name: 'HMAC', hash: 'SHA-256' };
const shape = /^t=(\d{1,12}),n=([\w-]{16,128}),s=([\w-]{43})$/;

/**
 * Makes the value of the signature header: `t=<seconds>,n=<nonce>,s=<base64url of HMAC-SHA-256>` over time, nonce, method, target and user, one
 * on each line. For gateways written in JavaScript and for tests.
 */
export async function formatGatewaySignature(key: string, parts: SignedParts): Promise<string> {
  const mac = await crypto.subtle.sign(algorithm, await importKey(key, 'sign'), bytesOf(parts));
  return `t=${parts.at},n=${parts.nonce},s=${base64url.encode(new Uint8Array(mac))}`;
}

/** Creates the check. Comparing is WebCrypto's, which takes the same time for every difference. */
export function createSignatureVerifier(
  proof: HmacProof,
  options: { readonly clockToleranceSeconds: number; readonly now: () => number },
): SignatureVerifier {
  const { clockToleranceSeconds: tolerance, now } = options;
  const { maxAgeSeconds, maxProofs: maxEntries } = proof;
  const keys = proof.keys.map((key) => importKey(key, 'verify'));
  const used = createReplayMemory({ maxEntries, now, keepMs: (maxAgeSeconds + 2 * tolerance) * 1000 });

  return {
    async verify(signature, request) {
      const [, time = '', nonce = '', mac = ''] = shape.exec(signature ?? '') ?? [];
      if (mac === '') throw untrusted('has no signature');
      const at = Number(time);
      const seconds = now() / 1000;
      if (at < seconds - maxAgeSeconds - tolerance || at > seconds + tolerance) throw untrusted('is not signed now');
      const bytes = bytesOf({ ...request, at, nonce });
      const received = base64url.decode(mac);
      const matches = await Promise.all(
        keys.map(async (key) => crypto.subtle.verify(algorithm, await key, new Uint8Array(received), bytes)),
      );
      if (!matches.includes(true)) throw untrusted('is signed with another key');
      if (!used.use(nonce)) throw untrusted('was used before');
    },
  };
}

/** A line break in a part would move its border: none of them can have one in HTTP. */
function bytesOf({ at, nonce, method, target, userinfo }: SignedParts): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([at, nonce, method, target, userinfo].join('\n'));
}

function importKey(key: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(base64url.decode(key)), algorithm, false, [use]);
}

function untrusted(what: string): HeimdallError {
  return new HeimdallError('token_invalid', `The gateway's header ${what}.`);
}

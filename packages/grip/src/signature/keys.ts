import { importJWK, importSPKI, type JWK } from 'jose';
import { GripError } from '../errors.ts';
import { parseBase64, toTextOrBytes } from '../wire/bytes.ts';

/** A key with the only algorithm that it verifies. */
export interface VerifyKey {
  readonly algorithm: 'HS256' | 'ES256' | 'RS256';
  /** Resolves to what jose takes; rejects when the key is damaged. */
  load(): Promise<CryptoKey | Uint8Array>;
}

/** HS256 needs a key as long as its hash (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

const OBJECT_IDS: readonly (readonly [VerifyKey['algorithm'], string])[] = [
  ['RS256', '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01'],
  ['ES256', '\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07'],
];

/**
 * Reads a verification key: a text secret, `base64:` bytes, a JWK as JSON, or a PEM public key; the last two may also be
 * inside `base64:`. The kind of key fixes the algorithm, so that a token cannot choose it.
 * @throws {@link GripError} `invalid_key`, or `bad_option` for an empty one. The message never has the key.
 */
export function parseVerifyKey(text: string): VerifyKey {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new GripError('bad_option', 'a signature key must be a text that is not empty', { field: 'keys' });
  }
  const bytes = text.startsWith('base64:') ? readBase64(text.slice('base64:'.length)) : new TextEncoder().encode(text);
  const content = toTextOrBytes(bytes);
  if (typeof content === 'string' && content.startsWith('-----BEGIN')) return parsePem(content);
  if (typeof content === 'string' && content.startsWith('{')) return parseJwk(content);
  return secret(bytes);
}

function invalid(what: string, cause?: unknown): GripError {
  return new GripError('invalid_key', `signature key: ${what}`, { field: 'keys', cause });
}

function readBase64(text: string): Uint8Array {
  try {
    return parseBase64('keys', text);
  } catch (cause) {
    throw invalid('what follows base64: is not base64', cause);
  }
}

function secret(bytes: Uint8Array): VerifyKey {
  if (bytes.length < MIN_SECRET_BYTES) {
    throw invalid(
      `a secret needs at least ${MIN_SECRET_BYTES} bytes, this one has ${bytes.length}; generate random ones`,
    );
  }
  return { algorithm: 'HS256', load: async () => bytes };
}

function parsePem(pem: string): VerifyKey {
  const body = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(pem)?.[1];
  if (body === undefined) throw invalid('PEM must be a PUBLIC KEY (SPKI); a private key has no business here');
  const der = String.fromCharCode(...readBase64(body.replace(/\s/g, '')));
  const algorithm = OBJECT_IDS.find(([, id]) => der.includes(id))?.[0];
  if (!algorithm) throw invalid('PEM must hold an RSA or an EC P-256 key');
  return { algorithm, load: once(() => importSPKI(pem, algorithm)) };
}

function parseJwk(json: string): VerifyKey {
  let jwk: JWK;
  try {
    jwk = JSON.parse(json) as JWK;
  } catch (cause) {
    throw invalid('starts like a JWK but is not JSON', cause);
  }
  if (jwk.kty === 'oct') return secret(readBase64(jwk.k ?? ''));
  if (jwk.d !== undefined) throw invalid('a private JWK has no business here');
  const algorithm = jwk.kty === 'RSA' ? 'RS256' : jwk.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : undefined;
  if (!algorithm) throw invalid('JWK must be of type oct, RSA or EC with P-256');
  if (jwk.alg !== undefined && jwk.alg !== algorithm)
    throw invalid(`JWK says ${jwk.alg}, but its type verifies ${algorithm}`);
  return { algorithm, load: once(() => importJWK(jwk, algorithm)) };
}

function once(load: () => Promise<CryptoKey | Uint8Array>): VerifyKey['load'] {
  let loaded: Promise<CryptoKey | Uint8Array> | undefined;
  return () => {
    loaded ??= load().catch((cause: unknown) => {
      throw invalid('the key is damaged', cause);
    });
    return loaded;
  };
}

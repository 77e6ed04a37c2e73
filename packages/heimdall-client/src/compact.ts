import { base64url } from 'jose';
import { HeimdallError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** Longest token that is looked at, in characters. Node's own limit for all headers of a request is 16 KiB. */
export const MAX_TOKEN_LENGTH: number = 16_384;

/** The two readable parts of a compact JWS. Nothing of it is proven before the signature is checked. */
export interface UnverifiedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const bearer = /^[A-Za-z0-9._~+/-]+=*$/;
/** `{"` in base64url and three parts: five are an encrypted token, which only its issuer can read. */
const begins = /^eyJ[^.]*\.[^.]*\.[^.]*$/;

/**
 * Refuses what cannot be a token, before it is hashed or parsed.
 *
 * @throws HeimdallError `token_missing` when empty, `token_malformed` when too long
 */
export function verifyLength(token: string): void {
  if (typeof token !== 'string' || token === '') throw new HeimdallError('token_missing', 'No access token was given.');
  if (token.length <= MAX_TOKEN_LENGTH) return;
  throw new HeimdallError('token_malformed', `The access token is longer than ${MAX_TOKEN_LENGTH} characters.`);
}

/**
 * Refuses what no bearer token looks like (RFC 6750 section 2.1), so that no issuer is asked about it.
 *
 * @throws HeimdallError `token_malformed`
 */
export function verifyBearer(token: string): void {
  if (!bearer.test(token)) {
    throw new HeimdallError('token_malformed', 'The access token has characters that no bearer token has.');
  }
}

/**
 * Whether a token has the three parts of a signed JWT, or begins as one and then lacks something, such as the signature: no issuer gives
 * such as an opaque token. Never throws.
 */
export function isSigned(token: string): boolean {
  return isCompact(token) || begins.test(token);
}

function isCompact(token: string): boolean {
  return shape.test(token);
}

/**
 * Reads header and claims of a compact JWS without checking its signature (RFC 7515 section 3.1).
 *
 * @throws HeimdallError `token_malformed` when it is not a signed JWT
 */
export function parseCompact(token: string): UnverifiedToken {
  if (!isCompact(token)) throw new HeimdallError('token_malformed', 'The access token is not a signed JWT.');
  const [header = '', claims = ''] = token.split('.', 2);
  return { header: parsePart(header), claims: parsePart(claims) };
}

/**
 * Reads one part of a JWS as a JSON object, from its base64url text or its bytes.
 *
 * @throws HeimdallError `token_malformed`
 */
export function parsePart(part: string | Uint8Array): JsonObject {
  let value: unknown;
  try {
    const bytes = typeof part === 'string' ? base64url.decode(part) : part;
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeimdallError('token_malformed', 'A part of the access token is not base64url encoded JSON.', { cause });
  }
  if (!isJsonObject(value)) throw new HeimdallError('token_malformed', 'A part of the access token is not an object.');
  return value;
}

import { LRUCache } from 'lru-cache';
import { parseCompact, parsePart, verifyLength } from '../compact.ts';
import { HeimdallError, isHeimdallError } from '../errors.ts';
import { createDocumentReader } from '../issuer/document.ts';
import { createMetadataSource } from '../issuer/metadata.ts';
import { createRemoteKeys } from '../issuer/remote-keys.ts';
import { verifySignature } from '../issuer/signature.ts';
import { normalizeOptions, type TokenVerifierOptions } from '../options.ts';
import type { Revocation } from '../revocation/revocation.ts';
import type { SignatureAlgorithm } from '../signature-algorithm.ts';
import { type Logout, maxAgeSeconds, parseLogout } from './logout-token.ts';

/** Logout tokens whose ids are remembered. */
const maxRemembered = 10_000;

/** Options of `createBackChannelLogout`. */
export interface BackChannelLogoutOptions
  extends Pick<
    TokenVerifierOptions,
    'jwksUri' | 'algorithms' | 'clockToleranceSeconds' | 'requestTimeoutMs' | 'fetch' | 'now' | 'dangerouslyAllowHttp'
  > {
  /** The issuer that sends logout tokens. */
  readonly issuer: string;
  /** Ids of the clients whose logouts count: those at which this server's address is registered. */
  readonly clients: string | readonly string[];
  /** Makes the tokens void: `verifier.revoke`. */
  readonly revoke: (revocation: Revocation) => Promise<void>;
}

/** A web handler. */
export type LogoutHandler = (request: Request) => Promise<Response>;

/**
 * Creates the handler of the address that an issuer calls when a user signs out (OpenID Connect Back-Channel Logout 1.0). It answers 200 when
 * the tokens are void, 400 for a token that is not in order or comes a second time, 503 when the issuer's keys or the other replicas
 * cannot be reached.
 *
 * @throws HeimdallError `bad_option`
 */
export function createBackChannelLogout(options: BackChannelLogoutOptions): LogoutHandler {
  const { clients, revoke, ...rest } = options;
  const policy = normalizeOptions({ ...rest, audience: clients });
  const [{ issuer, jwksUri, algorithms }] = policy.issuers;
  const { now, allowHttp, clockToleranceSeconds } = policy;
  const rules = { issuer, clients: new Set([clients].flat()), clockToleranceSeconds };
  const read = createDocumentReader(policy);
  const keys = createRemoteKeys({
    jwksUri,
    read,
    now,
    metadata: createMetadataSource({ issuer, read, now, allowHttp }),
  });
  /** Ids of logout tokens, with the time when they would be too old anyway. */
  const seen = new LRUCache<string, number>({ max: maxRemembered });

  async function verify(token: string): Promise<Logout> {
    verifyLength(token);
    const { header, claims } = parseCompact(token);
    if (!algorithms.includes(header.alg as SignatureAlgorithm)) {
      throw new HeimdallError('token_invalid', 'The logout token is signed with an algorithm that is not accepted.');
    }
    parseLogout({ header, claims }, rules, now() / 1000);
    const signed = await verifySignature(token, algorithms, keys);
    return parseLogout({ header: signed.header, claims: parsePart(signed.payload) }, rules, now() / 1000);
  }

  async function signOut(token: string): Promise<void> {
    const { id, revocation } = await verify(token);
    if ((seen.get(id) ?? 0) > now()) throw new HeimdallError('token_invalid', 'The logout token was used before.');
    // Noted before the work, so that the same token cannot be at work twice; taken back so that the issuer can try again.
    seen.set(id, now() + (maxAgeSeconds + 2 * clockToleranceSeconds) * 1000);
    try {
      await revoke(revocation);
    } catch (cause) {
      seen.delete(id);
      throw new HeimdallError('unavailable', 'The logout did not reach all replicas.', { cause, retryAfterSeconds: 1 });
    }
  }

  return async (request) => {
    if (request.method !== 'POST') return answer(405, { allow: 'POST' });
    try {
      await signOut(await readLogoutToken(request));
      return answer(200);
    } catch (error) {
      if (!isHeimdallError(error)) throw error;
      if (error.status !== 503) return refusal(error);
      return answer(503, { 'retry-after': String(error.retryAfterSeconds ?? 1) });
    }
  };
}

async function readLogoutToken(request: Request): Promise<string> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new HeimdallError('token_missing', 'A logout is sent as a form with the field "logout_token".');
  }
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of request.body ?? []) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > 32_768) throw new HeimdallError('token_malformed', 'The logout is too long.');
  }
  return new URLSearchParams(body).get('logout_token') ?? '';
}

function refusal(error: HeimdallError): Response {
  const body = { error: 'invalid_request', error_description: error.message };
  return Response.json(body, { status: 400, headers: { 'cache-control': 'no-store' } });
}

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

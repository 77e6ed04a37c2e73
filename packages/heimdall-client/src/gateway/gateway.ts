import { isAudienceAccepted } from '../audience.ts';
import { HeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { type Principal, parsePrincipal } from '../principal.ts';
import { type GatewayOptions, normalizeGateway } from './options.ts';
import { createSignatureVerifier } from './signature.ts';

/** A request that came through a gateway. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as received. */
  readonly target: string;
  readonly headers: Pick<Headers, 'get'>;
  /** Of the connection itself: never from a header. */
  readonly peer?: {
    readonly address?: string;
    /** Subject of a client certificate that the server has verified. */
    readonly certificateSubject?: string;
  };
  /** Whom the access token of the same request belongs to, when there is one: both must be the same user. */
  readonly principal?: Principal;
}

/** Reads who makes a request from the header of a gateway. */
export interface GatewayReader {
  /**
   * The user that the gateway has signed in.
   *
   * @throws HeimdallError `token_missing` without the header, `token_malformed`, `token_invalid` when the header is not proven to be the
   *   gateway's or names another user than the token, `issuer_unknown`, `audience_mismatch`, `token_expired`, `unavailable`
   */
  read(request: GatewayRequest): Promise<Principal>;
}

/** Longest header that is looked at, characters. */
const maxLength = 16_384;

/**
 * Creates a reader of `X-Userinfo`, for servers behind a gateway that has checked the token and does not pass it on. Whoever can pass a token
 * on should: the token also says for whom it was issued, and this header does not.
 *
 * @throws HeimdallError `bad_option`, always when there is no proof
 */
export function createGatewayReader(options: GatewayOptions): GatewayReader {
  const policy = normalizeGateway(options);
  const { issuer, audience, proof, header, lifetimeSeconds, now } = policy;
  const signatures = proof.kind === 'hmac' ? createSignatureVerifier(proof, policy) : undefined;

  async function verifyGateway(request: GatewayRequest, userinfo: string): Promise<void> {
    const { method, target, headers, peer } = request;
    if (proof.kind === 'hmac') {
      const signature = headers.get(proof.header) ?? undefined;
      await signatures?.verify(signature, { method, target, userinfo });
    } else if (proof.kind === 'mtls') {
      const subject = peer?.certificateSubject;
      if (subject === undefined || !proof.subjects.includes(subject)) throw untrusted('does not come from the gateway');
    } else if (!isLoopbackAddress(peer?.address)) throw untrusted('does not come from this machine');
  }

  return {
    async read(request) {
      const userinfo = request.headers.get(header);
      if (userinfo === null || userinfo === '') throw new HeimdallError('token_missing', 'The gateway names no user.');
      if (userinfo.length > maxLength) throw malformed();
      await verifyGateway(request, userinfo);
      const claims = parseUserinfo(userinfo);
      if (claims.iss !== undefined && claims.iss !== issuer) {
        throw new HeimdallError('issuer_unknown', "The gateway's user comes from another issuer.");
      }
      if (audience && !isAudienceAccepted(claims.aud, audience)) {
        throw new HeimdallError('audience_mismatch', "The gateway's user was not signed in for this resource.");
      }
      if (claims.active !== undefined && claims.active !== true) throw untrusted('names a user who is not active');
      const at = Math.floor(now() / 1000);
      const end = claims.exp === undefined ? Number.POSITIVE_INFINITY : claims.exp;
      if (typeof end !== 'number' || !(end > at))
        throw new HeimdallError('token_expired', "The gateway's user is over.");
      const { cnf: _, ...rest } = claims;
      const principal = parsePrincipal({ ...rest, iss: issuer, exp: Math.min(end, at + lifetimeSeconds) });
      const known = request.principal;
      if (known && (known.subject !== principal.subject || known.issuer !== issuer)) {
        throw untrusted('names another user than the token');
      }
      return principal;
    },
  };
}

function parseUserinfo(userinfo: string): JsonObject {
  try {
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(userinfo)) throw malformed();
    const binary = atob(userinfo.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw malformed(cause);
  }
  throw malformed();
}

/** IPv4 127.0.0.0/8, also as it appears on an IPv6 socket, and ::1. */
function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(address);
}

function malformed(cause?: unknown): HeimdallError {
  return new HeimdallError('token_malformed', "The gateway's header is not base64 of a JSON object.", { cause });
}

function untrusted(what: string): HeimdallError {
  return new HeimdallError('token_invalid', `The gateway's header ${what}.`);
}

import { HeimdallError, type Principal, type ProvenRequest } from '@asgard/heimdall-client';
import type { HttpRequest } from '../http/message.ts';
import type { Refusal } from '../http/refusal.ts';
import type { UpstreamTokens } from '../protocol/exchange.ts';
import { refuseNoToken, refuseQueryToken, refuseScopes, refuseToken, type Scheme } from './challenge.ts';
import { proofOf } from './dpop.ts';
import type { ResolvedGateway } from './gateway.ts';
import type { ResolvedAuth } from './resolve.ts';

export type Authentication =
  | { readonly ok: true; readonly principal: Principal; readonly upstream: UpstreamTokens | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

const PREFIX = 'Bearer ';
const CREDENTIALS = /^(?:(Bearer)|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The verified caller of a request, before anything in it is read as MCP. A cached token is answered without a
 * promise, so that it costs next to nothing.
 */
export function authenticate(request: HttpRequest, auth: ResolvedAuth): Authentication | Promise<Authentication> {
  if (request.query !== '' && hasQueryToken(request.query)) return { ok: false, refusal: refuseQueryToken(auth) };
  const header = request.header('authorization');
  if (header === undefined) {
    return auth.gateway ? throughGateway(request, auth.gateway, auth) : { ok: false, refusal: refuseNoToken(auth) };
  }
  // Who is remembered was found good, so the form of the token need not be looked at.
  const likely = header.startsWith(PREFIX) ? recall(header.slice(PREFIX.length), auth) : undefined;
  if (likely) return likely;
  const [, bearer, token] = CREDENTIALS.exec(header) ?? [];
  if (token === undefined) return { ok: false, refusal: refuseToken(auth, malformed()) };
  if (bearer === undefined) return verify(request, auth, { token, scheme: 'DPoP' });
  return recall(token, auth) ?? verify(request, auth, { token, scheme: 'Bearer' });
}

/** Never a token that is bound to a key, whatever the verifier remembers: each request with one needs a proof. */
function recall(token: string, auth: ResolvedAuth): Authentication | undefined {
  const known = auth.dpop?.required ? undefined : auth.verifier.peek(token);
  return known && known.boundTo === undefined ? allow(known, auth, { token, scheme: 'Bearer' }) : undefined;
}

interface Credentials {
  readonly token: string;
  readonly scheme: Scheme;
}

async function verify(request: HttpRequest, auth: ResolvedAuth, credentials: Credentials): Promise<Authentication> {
  const { token, scheme } = credentials;
  try {
    const proof = scheme === 'DPoP' ? dpopProof(request, auth) : undefined;
    if (proof === undefined && auth.dpop?.required) throw invalid('A token without proof of its holder');
    const principal = await (proof ? auth.verifier.verify(token, proof) : auth.verifier.verify(token));
    // A verifier of the caller's own may not know of proofs: a bound token is never taken without one.
    if ((principal.boundTo === undefined) !== (proof === undefined)) throw invalid('A bound token without proof');
    return allow(principal, auth, credentials);
  } catch (thrown) {
    return { ok: false, refusal: refuseToken(auth, thrown, auth.dpop ? scheme : 'Bearer') };
  }
}

function dpopProof(request: HttpRequest, { dpop }: ResolvedAuth): ProvenRequest {
  if (!dpop) throw malformed();
  return proofOf(request, dpop);
}

async function throughGateway(
  request: HttpRequest,
  gateway: ResolvedGateway,
  auth: ResolvedAuth,
): Promise<Authentication> {
  try {
    return allow(await gateway.read(request), auth, undefined);
  } catch (thrown) {
    const isMissing = thrown instanceof HeimdallError && thrown.code === 'token_missing';
    return { ok: false, refusal: isMissing ? refuseNoToken(auth) : refuseToken(auth, thrown) };
  }
}

function allow(principal: Principal, auth: ResolvedAuth, credentials: Credentials | undefined): Authentication {
  if (auth.scopes.length > 0 && auth.access.denial(auth, principal)) {
    return { ok: false, refusal: refuseScopes(auth, auth.scopes, credentials?.scheme ?? 'Bearer') };
  }
  const { exchange } = auth;
  if (!exchange || !credentials) return { ok: true, principal, upstream: undefined };
  const { token: subjectToken } = credentials;
  return {
    ok: true,
    principal,
    upstream: { exchange: (request) => exchange.exchange({ subjectToken, ...request }) },
  };
}

function malformed(): HeimdallError {
  return new HeimdallError('token_malformed', 'Authorization is not one bearer token');
}

function invalid(message: string): HeimdallError {
  return new HeimdallError('token_invalid', message);
}

function hasQueryToken(query: string): boolean {
  // By its decoded name: `access%5Ftoken` is in the logs of proxies as well.
  return new URLSearchParams(query).has('access_token');
}

import { HeimdallError, type Principal } from '@asgard/heimdall-client';
import type { HttpRequest } from '../http/message.ts';
import type { Refusal } from '../http/refusal.ts';
import type { UpstreamTokens } from '../protocol/exchange.ts';
import { refuseNoToken, refuseQueryToken, refuseScopes, refuseToken } from './challenge.ts';
import type { ResolvedAuth } from './options.ts';

export type Authentication =
  | { readonly ok: true; readonly principal: Principal; readonly upstream?: UpstreamTokens }
  | { readonly ok: false; readonly refusal: Refusal };

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The verified caller of a request, before anything in it is read as MCP. A cached token is answered without a
 * promise, so that it costs next to nothing.
 */
export function authenticate(request: HttpRequest, auth: ResolvedAuth): Authentication | Promise<Authentication> {
  if (hasQueryToken(request.query)) return { ok: false, refusal: refuseQueryToken(auth) };
  const header = request.header('authorization');
  if (header === undefined) return { ok: false, refusal: refuseNoToken(auth) };
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) return { ok: false, refusal: refuseToken(auth, malformed()) };
  const known = auth.verifier.peek(token);
  return known ? allow(known, token, auth) : verify(token, auth);
}

async function verify(token: string, auth: ResolvedAuth): Promise<Authentication> {
  try {
    return allow(await auth.verifier.verify(token), token, auth);
  } catch (thrown) {
    return { ok: false, refusal: refuseToken(auth, thrown) };
  }
}

function allow(principal: Principal, token: string, auth: ResolvedAuth): Authentication {
  if (auth.access.denial(auth, principal)) return { ok: false, refusal: refuseScopes(auth, auth.scopes) };
  const { exchange } = auth;
  if (!exchange) return { ok: true, principal };
  return {
    ok: true,
    principal,
    upstream: { exchange: (request) => exchange.exchange({ subjectToken: token, ...request }) },
  };
}

function malformed(): HeimdallError {
  return new HeimdallError('token_malformed', 'Authorization is not one bearer token');
}

function hasQueryToken(query: string): boolean {
  // By its decoded name: `access%5Ftoken` is in the logs of proxies as well.
  return query !== '' && new URLSearchParams(query).has('access_token');
}

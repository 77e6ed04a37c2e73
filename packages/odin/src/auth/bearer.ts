import { HeimdallError, type Principal } from '@asgard/heimdall-client';
import type { HttpRequest } from '../http/message.ts';
import type { Refusal } from '../http/refusal.ts';
import { refuseNoToken, refuseQueryToken, refuseScopes, refuseToken } from './challenge.ts';
import type { ResolvedAuth } from './options.ts';

export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
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
  return known ? allow(known, auth) : verify(token, auth);
}

async function verify(token: string, auth: ResolvedAuth): Promise<Authentication> {
  try {
    return allow(await auth.verifier.verify(token), auth);
  } catch (thrown) {
    return { ok: false, refusal: refuseToken(auth, thrown) };
  }
}

function allow(principal: Principal, auth: ResolvedAuth): Authentication {
  return auth.access.denial(auth, principal)
    ? { ok: false, refusal: refuseScopes(auth, auth.scopes) }
    : { ok: true, principal };
}

function malformed(): HeimdallError {
  return new HeimdallError('token_malformed', 'Authorization is not one bearer token');
}

function hasQueryToken(query: string): boolean {
  return query.includes('access_token') && new URLSearchParams(query).has('access_token');
}

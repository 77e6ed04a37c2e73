import { createTokenVerifier } from '@asgard/heimdall-client';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { auth } from 'express-oauth2-jwt-bearer';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import { type BenchIssuer, RESOURCE } from './token.ts';

/** One way to check a token. */
export interface Candidate {
  readonly name: string;
  /** Checks a good token; rejects when it was not accepted. */
  check(token: string): unknown;
}

type Middleware = (request: never, response: never, next: (error?: unknown) => void) => unknown;

/** What Express adds to a request. */
const EXPRESS = {
  protocol: 'http',
  originalUrl: '/mcp',
  baseUrl: '',
  url: '/mcp',
  app: { get: () => false },
  get: hostOf,
};

function hostOf(name: string): string | undefined {
  return name.toLowerCase() === 'host' ? 'localhost' : undefined;
}

/** Calls a middleware of Express with no more of Express than it looks at. */
function viaMiddleware(middleware: Middleware): (token: string) => Promise<void> {
  return (token) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, host: 'localhost' };
      const request = { headers, method: 'POST', query: {}, body: {}, is: () => false, ...EXPRESS };
      const refuse = (): never => {
        throw new Error('the token was refused');
      };
      const response = { set: refuse, status: refuse };
      middleware(request as never, response as never, (error) => (error ? reject(error) : resolve()));
    });
}

/** All of them check signature, issuer, audience and expiry of the same token. */
export function createCandidates(issuer: BenchIssuer): readonly [hit: Candidate, jose: Candidate, ...Candidate[]] {
  const { url, publicKey, publicPem } = issuer;
  const rules = { issuer: url, audience: RESOURCE };
  const verifier = createTokenVerifier(rules);
  const fast = { key: publicPem, allowedIss: url, allowedAud: RESOURCE, algorithms: ['RS256' as const] };
  const fastCached = createVerifier({ ...fast, cache: 10_000 });
  const fastPlain = createVerifier(fast);
  const plain = async (token: string) => {
    const { payload } = await jwtVerify(token, publicKey, { ...rules, algorithms: ['RS256'] });
    const scopes = String(payload.scope).split(' ');
    return { token, clientId: String(payload.azp), scopes, ...(payload.exp && { expiresAt: payload.exp }) };
  };
  return [
    {
      name: 'heimdall-client, cached user',
      check: (token) => verifier.peek(token) ?? verifier.verify(token),
    },
    { name: 'jose, RS256 verify', check: (token) => jwtVerify(token, publicKey, { ...rules, algorithms: ['RS256'] }) },
    { name: 'fast-jwt, cached', check: (token) => fastCached(token) },
    { name: 'fast-jwt, not cached', check: (token) => fastPlain(token) },
    {
      name: 'express-oauth2-jwt-bearer',
      check: viaMiddleware(auth({ issuer: url, jwksUri: `${url}/jwks`, audience: RESOURCE }) as unknown as Middleware),
    },
    {
      name: 'SDK requireBearerAuth, jose inside',
      check: viaMiddleware(requireBearerAuth({ verifier: { verifyAccessToken: plain } }) as unknown as Middleware),
    },
  ];
}

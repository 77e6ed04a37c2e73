import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer that signs whatever it is asked to, so that every rule about tokens can be broken one at a time. */
export interface AttackIssuer {
  readonly url: string;
  readonly publicJwk: JWK;
  readonly publicPem: string;
  /** The attacker's own key pair: good cryptography, but nobody's. */
  readonly foreign: { readonly privateKey: CryptoKey; readonly publicJwk: JWK };
  /** How often an address was fetched that only a token names. */
  readonly baited: () => number;
  /** How often the keys were fetched. */
  readonly keyFetches: () => number;
  /** How often the issuer was asked about a token. */
  readonly questions: () => number;
  /** A token that is good but for what is changed. A claim or header that is `undefined` is left out. */
  token(claims?: JWTPayload, header?: Record<string, unknown>, key?: CryptoKey | Uint8Array): Promise<string>;
  /** An opaque token that the issuer says this about, to the client `odin` with the secret `word`. A claim that is `undefined` is left out. */
  opaque(claims?: Record<string, unknown>): string;
  close(): Promise<void>;
}

export const KID = 'known';
/** How tokens begin that the issuer answers with 400. */
export const UNREADABLE = 'unreadable-';
export const RESOURCE = 'http://localhost/mcp';

/** Starts the issuer, with an address at `/bait` that nobody may ever ask. */
export async function startAttackIssuer(): Promise<AttackIssuer> {
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const publicJwk = { ...(await exportJWK(own.publicKey)), kid: KID, alg: 'RS256' };
  const foreignJwk = { ...(await exportJWK(foreign.publicKey)), kid: KID, alg: 'RS256' };
  const count = { bait: 0, keys: 0, questions: 0 };
  const opaque = new Map<string, object>();
  const commonClaims = (): JWTPayload => {
    const now = Math.floor(Date.now() / 1000);
    const common = { iss: url, aud: RESOURCE, sub: 'freya', scope: 'notes:read', client_id: 'app', sid: 'sid-freya' };
    return { ...common, iat: now, exp: now + 300 };
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    response.setHeader('content-type', 'application/json');
    if (path.startsWith('/bait')) {
      count.bait += 1;
      response.end(JSON.stringify({ keys: [foreignJwk] }));
      return;
    }
    if (path === '/jwks') {
      count.keys += 1;
      response.end(JSON.stringify({ keys: [publicJwk] }));
    } else if (path === '/.well-known/openid-configuration') {
      const endpoints = { jwks_uri: `${url}/jwks`, introspection_endpoint: `${url}/introspect` };
      response.end(JSON.stringify({ issuer: url, ...endpoints }));
    } else if (path === '/introspect') {
      count.questions += 1;
      void text(request).then((form) => {
        const isKnown = request.headers.authorization === `Basic ${btoa('odin:word')}`;
        const token = new URLSearchParams(form).get('token') ?? '';
        // As real issuers do, it refuses to look at what it cannot read.
        if (token.startsWith(UNREADABLE)) response.statusCode = 400;
        const claims = isKnown ? opaque.get(token) : undefined;
        response.end(JSON.stringify(claims ? { active: true, token_type: 'Bearer', ...claims } : { active: false }));
      });
    } else response.writeHead(404).end();
  });
  const url = await listenLocally(server);
  return {
    url,
    publicJwk,
    publicPem: await exportSPKI(own.publicKey),
    foreign: { privateKey: foreign.privateKey, publicJwk: foreignJwk },
    baited: () => count.bait,
    keyFetches: () => count.keys,
    questions: () => count.questions,
    token: (claims = {}, header = {}, key = own.privateKey) => {
      const payload = defined({ ...commonClaims(), ...claims });
      const protectedHeader = defined({ alg: 'RS256', typ: 'at+jwt', kid: KID, ...header }) as { alg: string };
      return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key);
    },
    opaque: (claims = {}) => {
      const token = randomUUID();
      opaque.set(token, defined({ ...commonClaims(), ...claims }));
      return token;
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function listenLocally(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

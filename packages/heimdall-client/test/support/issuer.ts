import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const issuer = 'https://heimdall.example/realms/asgard';
export const audience = 'https://odin.example/mcp';
/** Where every test's clock starts, seconds since the epoch. */
export const start = 1_800_000_000;

export interface Clock {
  now(): number;
  /** Moves the clock, seconds. */
  pass(seconds: number): void;
}

export function createClock(): Clock {
  let milliseconds = start * 1000;
  return {
    now: () => milliseconds,
    pass(seconds) {
      milliseconds += seconds * 1000;
    },
  };
}

export interface SigningKey {
  alg: string;
  jwk: JWK;
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

export async function createKey(kid: string | undefined, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    alg,
    jwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt', ...named, ...header }).sign(privateKey),
  };
}

export function accessClaims(claims: JWTPayload = {}): JWTPayload {
  return {
    iss: issuer,
    aud: audience,
    sub: 'u-1',
    client_id: 'app',
    scope: 'mcp:tools',
    iat: start,
    exp: start + 300,
    ...claims,
  };
}

export interface FakeIssuer {
  fetch: typeof fetch;
  /** URLs asked for, in order. */
  readonly requests: string[];
  /** Answers by URL; a function may throw as a network does. */
  readonly routes: Map<string, () => Response | Promise<Response>>;
  publish(...keys: SigningKey[]): void;
}

/** An issuer that answers its metadata and keys from memory, and 404 for the rest. */
export function createIssuer(...keys: SigningKey[]): FakeIssuer {
  const requests: string[] = [];
  const routes = new Map<string, () => Response | Promise<Response>>();
  routes.set(`${issuer}/.well-known/openid-configuration`, () =>
    Response.json({ issuer, jwks_uri: `${issuer}/certs` }),
  );
  const publish = (...published: SigningKey[]) => {
    routes.set(`${issuer}/certs`, () => Response.json({ keys: published.map((key) => key.jwk) }));
  };
  publish(...keys);
  return {
    requests,
    routes,
    publish,
    fetch: async (input) => {
      const url = String(input);
      requests.push(url);
      return routes.get(url)?.() ?? new Response('no', { status: 404 });
    },
  };
}

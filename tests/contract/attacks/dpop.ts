import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { type Attack, expectChallenge, expectNothingLeaked, REFUSED } from './attack.ts';
import { createHolder } from './holder.ts';
import { callTool } from './messages.ts';
import { ACME, type Target, TREASURE } from './target.ts';
import type { Seen } from './wire.ts';

const holder = await createHolder();
const thief = await createHolder();
const rsa = await generateKeyPair('RS256', { extractable: true });

const NO_PROOF = { status: 401, challenge: 'invalid_dpop_proof' } as const;

const bound = ({ issuer }: Target, claims: object = {}): Promise<string> =>
  issuer.token({ cnf: { jkt: holder.thumbprint }, ...claims });

function send(target: Target, headers: Record<string, string | string[]>): Promise<Seen> {
  const call = callTool('treasure');
  return target.send({ headers: { ...call.headers, ...headers }, body: call.body });
}

function withProof(name: string, make: (token: string, target: Target) => Promise<string | string[]>): Attack {
  const run = async (target: Target): Promise<Seen> => {
    const token = await bound(target);
    return send(target, { authorization: `DPoP ${token}`, dpop: await make(token, target) });
  };
  return { name, outcome: NO_PROOF, run };
}

function withClaims(name: string, claims: object, header: object = {}): Attack {
  return withProof(name, (token) => holder.prove(token, claims, header));
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Whoever has stolen a token that is bound to a key, and everything around it, but not the key. */
export const dpopAttacks: readonly Attack[] = [
  {
    name: 'a bound token as a bearer token',
    outcome: REFUSED,
    run: async (target) => send(target, { authorization: `Bearer ${await bound(target)}` }),
  },
  {
    name: 'a bound token as a bearer token, with a good proof',
    outcome: REFUSED,
    run: async (target) => {
      const token = await bound(target);
      return send(target, { authorization: `Bearer ${token}`, dpop: await holder.prove(token) });
    },
  },
  {
    name: 'a bearer token under the scheme DPoP',
    outcome: REFUSED,
    run: async (target) => {
      const token = await target.issuer.token();
      return send(target, { authorization: `DPoP ${token}`, dpop: await thief.prove(token) });
    },
  },
  {
    name: 'a bound token without a proof',
    outcome: NO_PROOF,
    run: async (target) => send(target, { authorization: `DPoP ${await bound(target)}` }),
  },
  {
    name: 'a proof without a token',
    outcome: { status: 401, challenge: 'bare' },
    run: async (target) => send(target, { dpop: await holder.prove('') }),
  },
  {
    name: 'a token that is bound to a key and to a certificate',
    outcome: REFUSED,
    run: async (target) => {
      const token = await bound(target, { cnf: { jkt: holder.thumbprint, 'x5t#S256': 'x' } });
      return send(target, { authorization: `DPoP ${token}`, dpop: await holder.prove(token) });
    },
  },
  {
    name: 'a proof of this server at the host of a tenant',
    outcome: NO_PROOF,
    run: async (target) => {
      const token = await bound(target, { aud: ACME, organization: ['acme'] });
      const headers = { authorization: `DPoP ${token}`, dpop: await holder.prove(token) };
      return send(target, { ...headers, host: 'acme.example' });
    },
  },
  withProof("the thief's own proof", (token) => thief.prove(token)),
  withProof("the thief's signature under the holder's key", async (token) => {
    return thief.prove(token, {}, { jwk: holder.jwk });
  }),
  withProof("the holder's key beside that of the thief", async (token) => {
    return thief.prove(token, {}, { jwk: { ...thief.jwk, ...holder.jwk, x: thief.jwk.x } });
  }),
  withProof('a proof for another token', () => holder.prove('another-token')),
  withProof('two proofs in two headers', async (token) => [await holder.prove(token), await holder.prove(token)]),
  withProof('two proofs in one header', async (token) => {
    return `${await holder.prove(token)}, ${await holder.prove(token)}`;
  }),
  withProof('a proof that brings its private key', (token) => {
    return holder.prove(token, {}, { jwk: holder.privateJwk });
  }),
  withProof('a proof with a shared secret', (token) => {
    return holder.prove(token, {}, { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, new Uint8Array(32));
  }),
  withProof('a proof of another kind of key', async (token) => {
    return holder.prove(token, {}, { alg: 'RS256', jwk: await exportJWK(rsa.publicKey) }, rsa.privateKey);
  }),
  withProof('a proof without signature', async (token) => {
    const [, claims = ''] = (await holder.prove(token)).split('.');
    const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: holder.jwk })).toString('base64url');
    return `${header}.${claims}.`;
  }),
  withProof('a key to be fetched', async (token, { issuer }) => {
    return thief.prove(token, {}, { jwk: undefined, jku: `${issuer.url}/bait`, x5u: `${issuer.url}/bait` });
  }),
  withProof('the access token as its proof', async (token) => token),
  withProof('a proof that is too long', (token) => holder.prove(token, { x: 'x'.repeat(9_000) })),
  withClaims('a proof for GET', { htm: 'GET' }),
  withClaims('a proof for the method in small letters', { htm: 'post' }),
  withClaims('a proof for another path', { htu: 'http://localhost/other' }),
  withClaims('a proof for another host', { htu: 'http://evil.example/mcp' }),
  withClaims('a proof for another scheme', { htu: 'https://localhost/mcp' }),
  withClaims('a proof for another port', { htu: 'http://localhost:81/mcp' }),
  withClaims('a proof for the host behind credentials', { htu: 'http://localhost@evil.example/mcp' }),
  withClaims('a proof for nothing', { htu: undefined, htm: undefined }),
  withClaims('a proof of five minutes ago', { iat: now() - 300 }),
  withClaims('a proof made in advance', { iat: now() + 300 }),
  withClaims('a proof without time', { iat: undefined }),
  withClaims('a proof without id', { jti: undefined }),
  withClaims('a proof without the token', { ath: undefined }),
  withClaims('a proof of another type', {}, { typ: 'JWT' }),
  withClaims('a critical header that nobody knows', {}, { crit: ['x'], x: 1 }),
];

export function testProofs(target: () => Target): void {
  test('a holder is let in: what the attacks lack is all that keeps them out', async () => {
    const token = await bound(target());
    const seen = await send(target(), { authorization: `DPoP ${token}`, dpop: await holder.prove(token) });
    expect([seen.status, seen.body.includes(TREASURE)]).toEqual([200, true]);
  });

  test('a proof that was seen on its way is worth nothing: again, with another body, and at once', async () => {
    const token = await bound(target());
    const used = { authorization: `DPoP ${token}`, dpop: await holder.prove(token, { jti: randomUUID() }) };
    expect((await send(target(), used)).status).toBe(200);
    const before = target().ran.length;
    for (const seen of await Promise.all([send(target(), used), send(target(), used), send(target(), used)])) {
      expect(seen.status).toBe(401);
      expectChallenge(seen, 'invalid_dpop_proof');
      expectNothingLeaked(seen);
    }
    expect(target().ran.length).toBe(before);
  });

  test('headers that name another host do not make a proof for that host good', async () => {
    const token = await bound(target());
    const seen = await send(target(), {
      ...{ authorization: `DPoP ${token}`, dpop: await holder.prove(token, { htu: 'https://evil.example/mcp' }) },
      ...{ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' },
    });
    expect(seen.status).toBe(401);
    expectChallenge(seen, 'invalid_dpop_proof');
  });
}

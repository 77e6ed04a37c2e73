import { createHash } from 'node:crypto';
import { createTokenVerifier, type DpopOptions } from '@asgard/heimdall-client';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { DpopAuthOptions } from '../../src/auth/dpop.ts';
import { createFixture, modernRequest } from '../fixture.ts';
import { principalOf } from './verifying.ts';

const issuer = 'https://heimdall.example';
const resource = 'http://localhost/mcp';
const key = await generateKeyPair('ES256');
const holder = await generateKeyPair('ES256');
const holderJwk = await exportJWK(holder.publicKey);
const jkt = await calculateJwkThumbprint(holderJwk);

function sign(claims: object = {}): Promise<string> {
  return new SignJWT({ cnf: { jkt }, scope: 'notes', ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(issuer)
    .setAudience(resource)
    .setSubject('freya')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key.privateKey);
}

function prove(token: string, claims: object = {}): Promise<string> {
  const ath = createHash('sha256').update(token).digest('base64url');
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ jti: crypto.randomUUID(), htm: 'POST', htu: resource, iat: now, ath, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: holderJwk })
    .sign(holder.privateKey);
}

function serve(dpop: DpopAuthOptions | null = {}, url = resource) {
  const jwksUri = 'https://heimdall.example/keys';
  const publish = async (): Promise<Response> =>
    Response.json({ keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'ES256' }] });
  const { required: _, ...options } = dpop ?? {};
  const verifier = createTokenVerifier({
    ...{ issuer, audience: resource, jwksUri, fetch: publish },
    ...(dpop && { dpop: options as DpopOptions }),
  });
  const { odin, ran } = createFixture({ url, auth: { issuer, verifier, ...(dpop && { dpop }) } });
  const call = (headers: Record<string, string>, at = resource): Promise<Response> =>
    odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, { url: at, headers }));
  return { odin, call, ran };
}

const challengeOf = (response: Response): string => response.headers.get('www-authenticate') ?? '';
const metadata = 'resource_metadata="http://localhost/.well-known/oauth-protected-resource/mcp"';

describe('a token that is bound to a key', () => {
  it('is taken with a proof, under the scheme DPoP in any case, each proof once', async () => {
    const { call, ran } = serve();
    const token = await sign();
    for (const scheme of ['DPoP', 'dpop']) {
      const headers = { authorization: `${scheme} ${token}`, dpop: await prove(token) };
      expect((await call(headers)).status).toBe(200);
      const again = await call(headers);
      expect([again.status, challengeOf(again)]).toEqual([401, expect.stringContaining('invalid_dpop_proof')]);
    }
    expect(ran).toEqual(['add', 'add']);
  });

  it('is refused as a bearer token, with the proof or without', async () => {
    const { call, ran } = serve();
    const token = await sign();
    for (const proof of [{}, { dpop: await prove(token) }]) {
      const response = await call({ authorization: `Bearer ${token}`, ...proof });
      expect(response.status).toBe(401);
      expect(challengeOf(response)).toMatch(/^Bearer error="invalid_token".*, DPoP algs="ES256 EdDSA RS256 PS256"$/);
    }
    expect(ran).toEqual([]);
  });

  it('is refused without a proof, and with one for what a header says is the host', async () => {
    const { call } = serve();
    const token = await sign();
    const authorization = `DPoP ${token}`;
    const bare = await call({ authorization });
    expect([bare.status, challengeOf(bare)]).toEqual([
      401,
      `Bearer ${metadata}, DPoP error="invalid_dpop_proof", error_description="The proof is not good for this request and this token", ${metadata}, algs="ES256 EdDSA RS256 PS256"`,
    ]);
    const elsewhere = await prove(token, { htu: 'https://evil.example/mcp' });
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect((await call({ authorization, dpop: elsewhere, ...forwarded })).status).toBe(401);
  });

  it('is refused when the server does not know of such tokens', async () => {
    const { call } = serve(null);
    const token = await sign();
    const response = await call({ authorization: `DPoP ${token}`, dpop: await prove(token) });
    expect([response.status, challengeOf(response)]).toEqual([401, expect.stringMatching(/^Bearer [^,]*error=/)]);
    expect(challengeOf(response)).not.toContain('DPoP');
  });

  it('is told under its own scheme that it needs more scope', async () => {
    const { odin, call } = serve();
    odin.tool({ name: 'write', scopes: ['notes:write'] }, () => 'written');
    const token = await sign();
    const headers = { authorization: `DPoP ${token}`, dpop: await prove(token) };
    const response = await odin.fetch(modernRequest('tools/call', { name: 'write' }, { url: resource, headers }));
    expect(response.status).toBe(403);
    expect(challengeOf(response)).toMatch(/DPoP error="insufficient_scope", scope="notes:write"/);
    expect((await call({ authorization: `Bearer ${await sign({ cnf: undefined })}` })).status).toBe(200);
  });

  it('is never taken as a bearer token, even if a verifier of somebody else forgets to look', async () => {
    const bound = { ...principalOf('freya'), boundTo: jkt };
    const verifier = { peek: () => bound, verify: async () => bound };
    const { odin, ran } = createFixture({ url: resource, auth: { issuer, verifier, dpop: {} } });
    const response = await odin.fetch(modernRequest('tools/list', {}, { headers: { authorization: 'Bearer x' } }));
    expect([response.status, ran]).toEqual([401, []]);
  });

  it('needs a proof for the public path of a server whose URL has none', async () => {
    const { call } = serve({}, 'http://localhost/');
    const token = await sign();
    expect((await call({ authorization: `DPoP ${token}`, dpop: await prove(token) })).status).toBe(200);
  });
});

describe('dpop.required', () => {
  it('takes nothing else, and says so', async () => {
    const { odin, call } = serve({ required: true, algorithms: ['ES256'] });
    const plain = await sign({ cnf: undefined });
    const token = await sign();
    const responses = await Promise.all([call({}), call({ authorization: `Bearer ${plain}` })]);
    expect(responses.map(({ status }) => status)).toEqual([401, 401]);
    expect(responses.map(challengeOf)).toEqual([
      `DPoP ${metadata}, algs="ES256"`,
      expect.stringMatching(/^DPoP error="invalid_token".*algs="ES256"$/),
    ]);
    expect((await call({ authorization: `DPoP ${plain}`, dpop: await prove(plain) })).status).toBe(401);
    expect((await call({ authorization: `DPoP ${token}`, dpop: await prove(token) })).status).toBe(200);
    const document = await odin.fetch(new Request('http://localhost/.well-known/oauth-protected-resource/mcp'));
    expect(await document.json()).toMatchObject({
      ...{ dpop_signing_alg_values_supported: ['ES256'], dpop_bound_access_tokens_required: true },
    });
  });
});

describe('dpop.nonce', () => {
  it('is given with the refusal, and then demanded', async () => {
    const { call } = serve({ nonce: { keys: ['n'.repeat(43)] } });
    const token = await sign();
    const authorization = `DPoP ${token}`;
    const refused = await call({ authorization, dpop: await prove(token) });
    expect([refused.status, challengeOf(refused)]).toEqual([401, expect.stringContaining('error="use_dpop_nonce"')]);
    const nonce = refused.headers.get('dpop-nonce');
    expect((await call({ authorization, dpop: await prove(token, { nonce }) })).status).toBe(200);
  });
});

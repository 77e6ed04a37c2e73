import type { RequestListener } from 'node:http';
import { createTenantDirectory, type Tenant } from '@asgard/heimdall-client';
import type { JWTPayload } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthOptions } from '../../src/auth/options.ts';
import type { FindTenantVerification } from '../../src/auth/tenant-verification.ts';
import { createFixture, modernRequest } from '../fixture.ts';
import { createHolder, startIssuer, type TestIssuer, type TestIssuerOptions } from './issuing.ts';

const MAIN = 'http://localhost/mcp';
const ACME = 'http://acme.example/mcp';
const GLOBEX = 'http://globex.example/mcp';
const holder = await createHolder();

const started: TestIssuer[] = [];
afterEach(async () => void (await Promise.all(started.splice(0).map((issuer) => issuer.close()))));

async function start(options?: TestIssuerOptions): Promise<TestIssuer> {
  const issuer = await startIssuer(options);
  started.push(issuer);
  return issuer;
}

const tenantOf = (issuer: TestIssuer, resource: string): Tenant => {
  return { host: new URL(resource).hostname, issuer: issuer.url, resource };
};

function serve(tenants: NonNullable<AuthOptions['tenants']>, find: FindTenantVerification, more: object = {}) {
  const verifier = { peek: () => undefined, verify: () => Promise.reject(new Error('the main verifier was asked')) };
  const auth = { issuer: 'http://localhost/i', verifier, tenants, tenantVerification: find, ...more };
  const { odin, ran, logged } = createFixture({ url: MAIN, auth });
  const call = (url: string, headers: Record<string, string>): Promise<Response> =>
    odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, { url, headers }));
  const status = async (url: string, token: string): Promise<number> =>
    (await call(url, { authorization: `Bearer ${token}` })).status;
  return { odin, ran, logged, call, status };
}

/** An issuer that answers about opaque tokens to a client that knows its secret. */
function introspecting(tokens: Record<string, JWTPayload>): { others: RequestListener; asked: string[] } {
  const asked: string[] = [];
  const others: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const token = new URLSearchParams(body).get('token') ?? '';
    asked.push(token);
    const known = request.headers.authorization === `Basic ${btoa('odin:word')}` ? tokens[token] : undefined;
    response.end(JSON.stringify(known ? { active: true, token_type: 'Bearer', ...known } : { active: false }));
  };
  return { others, asked };
}

const exp = Math.floor(Date.now() / 1000) + 300;
const introspection = { client: { method: 'client_secret_basic', clientId: 'odin', secret: 'word' } } as const;

describe('a tenant whose issuer gives opaque tokens', () => {
  it('has its issuer asked about them, and takes those that are for it', async () => {
    const { others, asked } = introspecting({
      'for-acme': { sub: 'freya', aud: ACME, exp },
      'for-globex': { sub: 'odr', aud: GLOBEX, exp },
      'for-main': { sub: 'odr', aud: MAIN, exp },
      'for-nobody': { sub: 'odr', exp },
    });
    const issuer = await start({ others });
    const tenants = [tenantOf(issuer, ACME), tenantOf(issuer, GLOBEX)];
    const { status, ran } = serve(tenants, () => ({ introspection }));
    expect([await status(ACME, 'for-acme'), await status(ACME, 'for-acme')]).toEqual([200, 200]);
    expect([await status(GLOBEX, 'for-globex'), asked]).toEqual([200, ['for-acme', 'for-globex']]);
    for (const token of ['for-globex', 'for-main', 'for-nobody', 'unknown']) {
      expect([token, await status(ACME, token)]).toEqual([token, 401]);
    }
    expect(await status(GLOBEX, 'for-acme')).toBe(401);
    expect(ran).toEqual(['add', 'add', 'add']);
  });

  it('takes those that are bound to a key with a proof only, and each proof once', async () => {
    const bound = { sub: 'freya', aud: ACME, exp, cnf: holder.cnf, token_type: 'DPoP' };
    const { others } = introspecting({ bound });
    const tenants = [tenantOf(await start({ others }), ACME)];
    const { call, status } = serve(tenants, () => ({ introspection }), { dpop: {} });
    expect(await status(ACME, 'bound')).toBe(401);
    const headers = await holder.prove('bound', ACME);
    expect([(await call(ACME, headers)).status, (await call(ACME, headers)).status]).toEqual([200, 401]);
    expect((await call(ACME, await holder.prove('bound', GLOBEX))).status).toBe(401);
    expect(await serve(tenants, () => ({ introspection })).status(ACME, 'bound')).toBe(401);
  });
});

describe('a tenant with keys or algorithms of its own', () => {
  it.each<[string, TestIssuerOptions, (issuer: TestIssuer) => object]>([
    ['keys elsewhere', { keysPath: '/internal' }, ({ url }) => ({ jwksUri: `${url}/internal` })],
    ['another algorithm', { alg: 'ES512' }, () => ({ algorithms: ['ES512'] })],
  ])('%s: its tokens are taken there, refused at the other, and at neither without', async (_, options, find) => {
    const issuer = await start(options);
    const tenants = [tenantOf(issuer, ACME), tenantOf(issuer, GLOBEX)];
    const { status } = serve(tenants, async () => find(issuer));
    const token = await issuer.sign(ACME);
    expect([await status(ACME, token), await status(GLOBEX, token)]).toEqual([200, 401]);
    const plain = serve(tenants, () => undefined);
    expect(await plain.status(ACME, token)).toBeGreaterThanOrEqual(401);
    expect(plain.ran).toEqual([]);
  });

  it('is asked about once, by its tenant, and again when the directory forgets it', async () => {
    const issuer = await start({ keysPath: '/internal' });
    const directory = createTenantDirectory({ tenants: [tenantOf(issuer, ACME)], ttlMs: 0 });
    const asked: Tenant[] = [];
    const { status } = serve(directory, (tenant) => {
      asked.push(tenant);
      return asked.length === 1 ? {} : { jwksUri: `${issuer.url}/internal` };
    });
    const token = await issuer.sign(ACME);
    const answers = await Promise.all([status(ACME, token), status(ACME, token)]);
    expect([...answers, await status(ACME, token)]).toEqual([503, 503, 503]);
    expect(asked).toEqual([tenantOf(issuer, ACME)]);
    directory.forget('acme.example');
    expect([await status(ACME, token), asked.length]).toEqual([200, 2]);
  });

  it('signs out with them, and only its own', async () => {
    const [ours, theirs] = [await start({ keysPath: '/internal' }), await start({ keysPath: '/internal' })];
    const tenants = [tenantOf(ours, ACME), tenantOf(theirs, GLOBEX)];
    const find: FindTenantVerification = ({ issuer }) => ({ jwksUri: `${issuer}/internal` });
    const { odin, status } = serve(tenants, find, { backChannelLogout: { clients: 'app' }, verifier: undefined });
    const [ourToken, theirToken] = [await ours.sign(ACME), await theirs.sign(GLOBEX)];
    expect([await status(ACME, ourToken), await status(GLOBEX, theirToken)]).toEqual([200, 200]);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const logout = await ours.sign('app', { jti: 'once', events }, 'logout+jwt');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = (host: string): Promise<Response> => {
      const body = new URLSearchParams({ logout_token: logout });
      return odin.fetch(new Request(`http://${host}/.odin/logout`, { method: 'POST', headers, body }));
    };
    expect([(await post('globex.example')).status, await status(ACME, ourToken)]).toEqual([400, 200]);
    expect((await post('acme.example')).status).toBe(200);
    expect([await status(ACME, ourToken), await status(GLOBEX, theirToken)]).toEqual([401, 200]);
  });
});

describe('a verification that cannot be found', () => {
  const secret = new Error('the database password is hunter2');
  it.each<[string, (tenant: Tenant) => unknown]>([
    [
      'throws',
      () => {
        throw secret;
      },
    ],
    ['rejects', () => Promise.reject(secret)],
    ['cannot be used', () => ({ algorithms: ['HS256' as 'RS256'] })],
    ['names an issuer', () => ({ issuer: 'https://evil.example' })],
    ['names an audience', () => ({ audience: GLOBEX })],
    ['brings proofs of its own', () => ({ dpop: {} })],
    ['brings sign-outs of its own', () => ({ revocations: {} })],
  ])('%s: 503 for that tenant, and the log says why', async (_, find) => {
    const issuer = await start();
    const tenants = [tenantOf(issuer, ACME), tenantOf(issuer, GLOBEX)];
    const failing: FindTenantVerification = (tenant) =>
      tenant.host === 'acme.example' ? (find(tenant) as object) : undefined;
    const { call, status, logged, ran } = serve(tenants, failing);
    const answer = await call(ACME, { authorization: `Bearer ${await issuer.sign(ACME)}` });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(`${await answer.text()} ${JSON.stringify([...answer.headers])}`).not.toMatch(/hunter2|evil|algorithms/);
    expect(ran).toEqual([]);
    expect(logged).toEqual([
      {
        fields: { tenant: 'acme.example', error: expect.any(Error) },
        message: 'the tokens of a tenant cannot be verified',
      },
    ]);
    expect(await status(GLOBEX, await issuer.sign(GLOBEX))).toBe(200);
  });
});

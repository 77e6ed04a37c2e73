import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenVerifier, type Tenant } from '@asgard/heimdall-client';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthOptions } from '../../src/auth/options.ts';
import { createMemoryCluster, type OdinServer, type OdinServerOptions } from '../../src/index.ts';
import { createFixture, modernRequest, readEvents } from '../fixture.ts';

const MAIN = 'http://localhost/mcp';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const { privateKey, publicKey } = await generateKeyPair('RS256');

interface Issuer {
  readonly url: string;
  readonly server: Server;
  sign(claims: object, typ: string): Promise<string>;
}

async function startIssuer(): Promise<Issuer> {
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] };
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    response.end(JSON.stringify(isKeys ? keys : { issuer: url, jwks_uri: `${url}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (claims: object, typ: string): Promise<string> =>
    new SignJWT({ jti: crypto.randomUUID(), sub: 'freya', sid: 'sid-freya', ...claims })
      .setProtectedHeader({ alg: 'RS256', typ, kid: 'k' })
      .setIssuer(url)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  return { url, server, sign };
}

let ours: Issuer;
let theirs: Issuer;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([startIssuer(), startIssuer()]);
});
afterAll(() => {
  for (const { server } of [ours, theirs]) server.close();
});

const tenantsOf = (): readonly Tenant[] => [
  { host: 'acme.example', issuer: ours.url, resource: 'http://acme.example/mcp' },
  { host: 'globex.example', issuer: theirs.url, resource: 'http://globex.example/mcp' },
];

function serve(auth: Partial<AuthOptions> = {}, options: Partial<OdinServerOptions> = {}) {
  return createFixture({
    url: MAIN,
    auth: { issuer: ours.url, tenants: tenantsOf(), backChannelLogout: { clients: 'app' }, ...auth },
    http: { patienceMs: 5 },
    ...options,
  });
}

async function call(odin: OdinServer, issuer: Issuer, url: string, tool = 'add'): Promise<Response> {
  const authorization = `Bearer ${await issuer.sign({ aud: url }, 'at+jwt')}`;
  return odin.fetch(
    modernRequest(
      'tools/call',
      { name: tool, ...(tool === 'add' && { arguments: { a: 1 } }) },
      { url, headers: { authorization } },
    ),
  );
}

async function logOut(odin: OdinServer, issuer: Issuer, host = 'internal.name'): Promise<number> {
  const token = await issuer.sign({ aud: 'app', events: { [EVENT]: {} } }, 'logout+jwt');
  const body = new URLSearchParams({ logout_token: token });
  return (await odin.fetch(new Request(`http://${host}/.odin/logout`, { method: 'POST', body }))).status;
}

const [acme, globex] = ['http://acme.example/mcp', 'http://globex.example/mcp'];

describe('a logout', () => {
  it('ends streams and refuses tokens at every host of the issuer, and at no other', async () => {
    const { odin } = serve();
    const streams = await Promise.all([
      call(odin, ours, MAIN, 'wait'),
      call(odin, ours, acme, 'wait'),
      call(odin, theirs, globex, 'wait'),
    ]);
    expect(await logOut(odin, ours)).toBe(200);
    for (const stream of streams.slice(0, 2)) {
      expect((await readEvents(stream)).at(-1)).toMatchObject({
        error: { message: expect.stringContaining('revoked') },
      });
    }
    expect((await call(odin, ours, MAIN)).status).toBe(401);
    expect((await call(odin, ours, acme)).status).toBe(401);
    expect((await call(odin, theirs, globex)).status).toBe(200);
    expect(await logOut(odin, theirs, 'globex.example')).toBe(200);
    expect((await readEvents(streams[2] ?? new Response())).at(-1)).toMatchObject({ error: {} });
    expect((await call(odin, theirs, globex)).status).toBe(401);
  });

  it('reaches hosts that nobody has asked for yet', async () => {
    const { odin } = serve();
    expect(await logOut(odin, ours)).toBe(200);
    expect((await call(odin, ours, acme)).status).toBe(401);
  });

  it('counts only from the issuer of the host', async () => {
    const { odin } = serve();
    expect(await logOut(odin, theirs)).toBe(400);
    expect(await logOut(odin, theirs, 'acme.example')).toBe(400);
    expect(await logOut(odin, ours, 'globex.example')).toBe(400);
    expect((await call(odin, ours, MAIN)).status).toBe(200);
  });

  it('reaches other replicas over the cluster', async () => {
    const cluster = createMemoryCluster();
    const [here, there] = [serve({}, { cluster }), serve({}, { cluster })];
    const stream = await call(there.odin, ours, acme, 'wait');
    expect(await logOut(here.odin, ours)).toBe(200);
    expect((await readEvents(stream)).at(-1)).toMatchObject({ error: {} });
    expect((await call(there.odin, ours, MAIN)).status).toBe(401);
    await Promise.all([here.odin.close(), there.odin.close()]);
  });

  it("reaches the hosts of tenants from a verifier of the caller's own", async () => {
    const verifier = createTokenVerifier({ issuer: ours.url, audience: MAIN });
    const { odin } = serve({ verifier });
    const stream = await call(odin, ours, acme, 'wait');
    await verifier.revoke({ sessionId: 'sid-freya' });
    expect((await readEvents(stream)).at(-1)).toMatchObject({ error: {} });
    expect((await call(odin, ours, acme)).status).toBe(401);
  });

  it('is to be sent again when nobody knows whose host it is', async () => {
    const { odin } = serve({ tenants: () => Promise.reject(new Error('database away')) });
    expect(await logOut(odin, ours)).toBe(503);
  });

  it('needs a verifier that can revoke', () => {
    const verifier = { peek: () => undefined, verify: async () => expect.unreachable() };
    expect(() => serve({ verifier })).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });
});

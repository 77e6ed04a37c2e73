import { createTokenVerifier, formatGatewaySignature } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import type { GatewayAuthOptions } from '../../src/auth/gateway.ts';
import type { Peer } from '../../src/http/message.ts';
import { OdinServer } from '../../src/index.ts';
import { type ListeningServer, listen } from '../../src/node.ts';
import { createFixture, modernRequest } from '../fixture.ts';

const issuer = 'http://localhost/i';
const url = 'http://localhost/mcp';
const key = 'k'.repeat(43);
const encode = (claims: object = {}): string =>
  Buffer.from(JSON.stringify({ sub: 'freya', aud: url, scope: 'notes', ...claims })).toString('base64');

async function signed(userinfo = encode(), by = key): Promise<Record<string, string>> {
  const nonce = crypto.randomUUID();
  const parts = { at: Math.floor(Date.now() / 1000), nonce, method: 'POST', target: '/mcp', userinfo };
  return { 'x-userinfo': userinfo, 'x-userinfo-signature': await formatGatewaySignature(by, parts) };
}

function serve(gateway: GatewayAuthOptions | undefined, options: object = {}) {
  const auth = { issuer, ...(gateway && { gateway }), ...options };
  const { odin, ran } = createFixture({ url, auth });
  odin.tool({ name: 'whose' }, ({ principal }) => `${principal?.subject} ${principal?.scopes}`);
  const call = (headers: Record<string, string>): Promise<Response> =>
    odin.fetch(modernRequest('tools/call', { name: 'whose' }, { headers }));
  return { odin, call, ran };
}

const hmac: GatewayAuthOptions = { proof: { kind: 'hmac', keys: [key] } };

describe('a gateway that signs', () => {
  it('says who calls', async () => {
    const response = await serve(hmac).call(await signed());
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('freya notes')]);
  });

  it('is not believed without its own signature for this request, nor twice', async () => {
    const { call } = serve(hmac);
    const good = await signed();
    const { 'x-userinfo': userinfo = '' } = good;
    const forged = await signed(userinfo, 'l'.repeat(43));
    for (const headers of [{ 'x-userinfo': userinfo }, forged, { ...good, 'x-userinfo': encode({ sub: 'odin' }) }]) {
      const response = await call(headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('error="invalid_token"'),
      ]);
    }
    expect([(await call(good)).status, (await call(good)).status]).toEqual([200, 401]);
  });

  it('is not believed about users of other services, unless nobody looks on purpose', async () => {
    const other = encode({ aud: 'account' });
    expect((await serve(hmac).call(await signed(other))).status).toBe(401);
    const trusting = { ...hmac, dangerouslyIgnoreAudience: true };
    expect((await serve(trusting).call(await signed(other))).status).toBe(200);
  });

  it('counts for nothing beside a token', async () => {
    const { call } = serve(hmac);
    expect((await call({ ...(await signed()), authorization: 'Bearer x' })).status).toBe(401);
  });

  it('must grant the scopes that every request needs', async () => {
    const { call } = serve(hmac, { scopes: ['notes', 'more'] });
    const response = await call(await signed());
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('error="insufficient_scope", scope="notes more"'),
    ]);
  });

  it('is not believed about users who signed out', async () => {
    const verifier = createTokenVerifier({ issuer, audience: url });
    const { call } = serve(hmac, { verifier });
    await verifier.revoke({ sessionId: 'sid-freya' });
    expect((await call(await signed(encode({ sid: 'sid-freya' })))).status).toBe(401);
    expect((await call(await signed(encode({ sid: 'sid-other' })))).status).toBe(200);
  });

  it('leaves whoever comes without its header without a user', async () => {
    const response = await serve(hmac).call({});
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.not.stringContaining('error='),
    ]);
  });
});

describe('without the option', () => {
  it('no header says who calls', async () => {
    expect((await serve(undefined).call(await signed())).status).toBe(401);
  });
});

describe('a server', () => {
  it.each<[string, object]>([
    ['no proof', {}],
    ['an unknown one', { proof: { kind: 'none' } }],
    ['a weak key', { proof: { kind: 'hmac', keys: ['secret'] } }],
  ])('does not start with %s', (_name, gateway) => {
    expect(() => new OdinServer({ name: 'n', version: '1', url, auth: { issuer, gateway: gateway as never } })).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    );
  });

  it.each<[string, GatewayAuthOptions['proof'], string]>([
    ['everybody reaches, for a proof by loopback', { kind: 'loopback' }, '0.0.0.0'],
    ['without TLS, for a proof by certificate', { kind: 'mtls', subjects: ['CN=bifrost'] }, '127.0.0.1'],
  ])('does not listen where %s', async (_name, proof, host) => {
    const { odin } = serve({ proof });
    await expect(listen(odin, { port: 0, host })).rejects.toMatchObject({ code: 'bad_option' });
  });
});

describe('a gateway on the same machine', () => {
  it('is known by the address of the connection', async () => {
    const { odin } = serve({ proof: { kind: 'loopback' } });
    const server: ListeningServer = await listen(odin, { port: 0 });
    const call = modernRequest('tools/call', { name: 'whose' }, { headers: { 'x-userinfo': encode() } });
    expect((await fetch(new Request(`${server.url}/mcp`, call))).status).toBe(200);
    await server.close();
  });

  it.each<[string, Peer | undefined]>([
    ['another machine', { address: '10.0.0.7' }],
    ['nobody knows where', undefined],
  ])('is not one that comes from %s', async (_name, peer) => {
    const { odin } = serve({ proof: { kind: 'loopback' } });
    const statuses: number[] = [];
    const headers: Record<string, string> = {
      ...{ host: 'localhost', 'content-type': 'application/json', 'x-userinfo': encode() },
      'x-forwarded-for': '127.0.0.1',
    };
    await odin.handle(
      {
        ...{ method: 'POST', path: '/mcp', query: '', peer, header: (name: string) => headers[name] },
        ...{ readBody: async () => '{}', onDisconnect: () => {}, release: () => {} },
      },
      { send: (status) => void statuses.push(status), stream: () => expect.unreachable(), sent: async () => {} },
    );
    expect(statuses).toEqual([401]);
  });
});

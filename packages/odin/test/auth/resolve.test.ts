import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryCluster, type OdinServerOptions } from '../../src/index.ts';
import { createFixture, modernRequest } from '../fixture.ts';
import { createHolder, startIssuer, type TestIssuer } from './issuing.ts';

const MAIN = 'http://localhost/mcp';
const ACME = 'http://acme.example/mcp';
const holder = await createHolder();

const started: TestIssuer[] = [];
afterEach(async () => void (await Promise.all(started.splice(0).map((issuer) => issuer.close()))));

/** An issuer whose keys are not where its metadata says, as seen from inside a network of containers. */
async function start(): Promise<TestIssuer & { readonly jwksUri: string }> {
  const issuer = await startIssuer({ keysPath: '/internal' });
  started.push(issuer);
  return { ...issuer, jwksUri: `${issuer.url}/internal` };
}

function serve(options: Partial<OdinServerOptions>) {
  const { odin } = createFixture({ url: MAIN, ...options });
  const status = async (url: string, headers: Record<string, string>): Promise<number> =>
    (await odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, { url, headers }))).status;
  return { odin, status };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('auth.jwksUri', () => {
  it('is where the keys of the issuer are', async () => {
    const { url: issuer, jwksUri, sign } = await start();
    const token = await sign(MAIN);
    expect(await serve({ auth: { issuer } }).status(MAIN, bearer(token))).toBe(503);
    expect(await serve({ auth: { issuer, jwksUri } }).status(MAIN, bearer(token))).toBe(200);
  });

  it('serves for bound tokens as well, each proof once', async () => {
    const { url: issuer, jwksUri, sign } = await start();
    const token = await sign(MAIN, { cnf: holder.cnf });
    const { status } = serve({ auth: { issuer, jwksUri, dpop: {} } });
    const headers = await holder.prove(token, MAIN);
    expect([await status(MAIN, headers), await status(MAIN, headers)]).toEqual([200, 401]);
  });

  it('serves for tenants of the same issuer, and no other', async () => {
    const [ours, theirs] = [await start(), await start()];
    const tenantOf = ({ url: issuer }: TestIssuer) => [{ host: 'acme.example', issuer, resource: ACME }];
    const auth = { issuer: ours.url, jwksUri: ours.jwksUri };
    const same = serve({ auth: { ...auth, tenants: tenantOf(ours) } });
    expect(await same.status(ACME, bearer(await ours.sign(ACME)))).toBe(200);
    const other = serve({ auth: { ...auth, tenants: tenantOf(theirs) } });
    expect(await other.status(ACME, bearer(await theirs.sign(ACME)))).toBe(503);
  });

  it('serves for sign-outs, here and on the other replicas', async () => {
    const { url: issuer, jwksUri, sign } = await start();
    const cluster = createMemoryCluster();
    const auth = { issuer, jwksUri, backChannelLogout: { clients: 'app' } };
    const [here, there] = [serve({ auth, cluster }), serve({ auth, cluster })];
    const headers = bearer(await sign(MAIN));
    expect([await here.status(MAIN, headers), await there.status(MAIN, headers)]).toEqual([200, 200]);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const logoutToken = await sign('app', { jti: 'once', events }, 'logout+jwt');
    const body = new URLSearchParams({ logout_token: logoutToken });
    const response = await here.odin.fetch(new Request('http://localhost/.odin/logout', { method: 'POST', body }));
    expect(response.status).toBe(200);
    expect(await here.status(MAIN, headers)).toBe(401);
    await expect.poll(() => there.status(MAIN, headers)).toBe(401);
  });

  it('is https, or plain http only when told so', () => {
    const auth = { issuer: 'https://id.example', jwksUri: 'http://heimdall:8080/certs' };
    expect(() => serve({ auth })).toThrow(/jwksUri/);
    expect(() => serve({ auth: { ...auth, dangerouslyAllowHttp: true } })).not.toThrow();
  });
});

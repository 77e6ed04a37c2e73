import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OdinServer } from '../../src/index.ts';
import { fromEnvironment } from '../../src/node.ts';
import { createHolder, startIssuer } from '../auth/issuing.ts';
import { createFixture, modernRequest } from '../fixture.ts';

const resource = 'http://localhost:7999/mcp';

describe('fromEnvironment', () => {
  it('reads issuer and public URL', () => {
    expect(
      fromEnvironment({ ASGARD_URL: 'http://localhost:7999/mcp', ASGARD_ISSUER: 'http://localhost:7999/i' }),
    ).toEqual({
      url: 'http://localhost:7999/mcp',
      auth: { issuer: 'http://localhost:7999/i' },
    });
  });

  it('fails closed: without an issuer somebody must have said none', () => {
    expect(() => fromEnvironment({})).toThrow(/ASGARD_ISSUER is not set/);
    expect(() => fromEnvironment({ ASGARD_AUTH: 'off' })).toThrow(/ASGARD_ISSUER is not set/);
    expect(fromEnvironment({ ASGARD_AUTH: 'none' })).toEqual({});
  });

  it('reads the proxy', async () => {
    const { hermod } = fromEnvironment({
      ASGARD_AUTH: 'none',
      GRIP_URL: 'tcp://127.0.0.1:5562?verify-key=0123456789abcdef0123456789abcdef&verify-iss=asgard',
    });
    expect(hermod).toMatchObject({
      keys: ['0123456789abcdef0123456789abcdef'],
      issuer: 'asgard',
      replica: expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    });
    await hermod?.publisher.close();
  });

  it('asks for keys elsewhere than the issuer says, over plain HTTP only when told so', () => {
    const env = {
      ASGARD_URL: 'http://localhost:7999/mcp',
      ASGARD_ISSUER: 'http://localhost:7999/i',
      ASGARD_JWKS_URI: 'http://heimdall:8080/i/certs',
    };
    const auth = { issuer: env.ASGARD_ISSUER, jwksUri: env.ASGARD_JWKS_URI };
    expect(fromEnvironment(env).auth).toEqual(auth);
    expect(fromEnvironment({ ...env, ASGARD_DANGEROUSLY_ALLOW_HTTP: 'true' }).auth).toEqual({
      ...{ ...auth, dangerouslyAllowHttp: true },
    });
    expect(() => new OdinServer({ name: 'x', version: '1', ...fromEnvironment(env) })).toThrow(/jwksUri/);
  });

  it('takes the same bound tokens with and without ASGARD_JWKS_URI', async () => {
    const issuer = await startIssuer();
    const holder = await createHolder();
    const token = await issuer.sign(resource, { cnf: holder.cnf });
    const statuses: number[] = [];
    for (const keys of [{}, { ASGARD_JWKS_URI: `${issuer.url}/keys` }]) {
      const env = { ASGARD_URL: resource, ASGARD_ISSUER: issuer.url, ...keys };
      const { auth, ...environment } = fromEnvironment(env);
      for (const more of [{ dpop: {} }, {}]) {
        const { odin } = createFixture({ ...environment, ...(auth && { auth: { ...auth, ...more } }) });
        const headers = await holder.prove(token, resource);
        const params = { name: 'add', arguments: { a: 1 } };
        statuses.push((await odin.fetch(modernRequest('tools/call', params, { url: resource, headers }))).status);
      }
    }
    expect(statuses).toEqual([200, 401, 200, 401]);
    await issuer.close();
  });

  it('puts the name of the host into the address of the replica', async () => {
    const { hermod } = fromEnvironment({
      ASGARD_AUTH: 'none',
      ASGARD_ADVERTISE: 'http://{hostname}:8080',
      GRIP_URL: 'tcp://127.0.0.1:5562?verify-key=0123456789abcdef0123456789abcdef',
    });
    expect(hermod?.recovery?.advertise).toBe(`http://${hostname()}:8080`);
    await hermod?.publisher.close();
  });

  it.each([
    ['http://127.0.0.1:5561?verify-key=x', /cannot tell when a stream is held/],
    ['tcp://127.0.0.1:5562', /no verify-key/],
  ])('refuses %s', (gripUrl, problem) => {
    expect(() => fromEnvironment({ ASGARD_AUTH: 'none', GRIP_URL: gripUrl })).toThrow(problem);
  });

  describe('REDIS_URL', () => {
    const env = { ASGARD_AUTH: 'none', ASGARD_SECRETS: 'a-secret-of-at-least-thirty-two-characters' };

    it('gives what replicas share', async () => {
      const { cluster } = fromEnvironment({ ...env, REDIS_URL: 'redis://:secret@127.0.0.1:1' });
      expect(cluster).toMatchObject({ connected: false });
      await cluster?.close?.();
    });

    it('remembers used proofs there: while it is away none is taken', async () => {
      const issuer = await startIssuer({ keysPath: '/internal' });
      const { auth, cluster, ...environment } = fromEnvironment({
        ...{ ...env, ASGARD_AUTH: undefined, ASGARD_URL: resource, ASGARD_ISSUER: issuer.url },
        ...{ ASGARD_JWKS_URI: `${issuer.url}/internal`, REDIS_URL: 'redis://127.0.0.1:1' },
      });
      // Closed, it is as much out of reach as can be, and nothing tries to reach it.
      await cluster?.close?.();
      const options = { ...environment, ...(auth && { auth: { ...auth, dpop: {} } }), ...(cluster && { cluster }) };
      const { odin } = createFixture(options);
      const holder = await createHolder();
      const headers = await holder.prove(await issuer.sign(resource, { cnf: holder.cnf }), resource);
      const params = { name: 'add', arguments: { a: 1 } };
      const response = await odin.fetch(modernRequest('tools/call', params, { url: resource, headers }));
      expect(response.status).toBe(503);
      await issuer.close();
    });

    it.each(['127.0.0.1:6379', 'http://:secret@store', 'redis://:secret@store/x', 'redis://:secret@'])(
      'refuses %s, and does not repeat it',
      (url) => {
        const make = (): unknown => fromEnvironment({ ...env, REDIS_URL: url });
        expect(make).toThrow(/^REDIS_URL: .* must look like redis:/);
        expect(make).not.toThrow(/secret/);
      },
    );

    it('needs secrets that all replicas have', () => {
      expect(() => fromEnvironment({ ASGARD_AUTH: 'none', REDIS_URL: 'redis://127.0.0.1:1' })).toThrow(
        /ASGARD_SECRETS is not/,
      );
    });
  });
});

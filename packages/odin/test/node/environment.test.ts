import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fromEnvironment } from '../../src/node.ts';
import { createHolder, startIssuer } from '../auth/issuing.ts';

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
    expect(() => fromEnvironment(env)).toThrow(/jwksUri/);
    expect(fromEnvironment({ ...env, ASGARD_DANGEROUSLY_ALLOW_HTTP: 'true' }).auth).toEqual({
      issuer: 'http://localhost:7999/i',
      verifier: expect.objectContaining({ verify: expect.any(Function) }),
    });
  });

  it('reads the rules for tools, and does not start without those that it cannot read', () => {
    const rules = { 'admin_*': { deny: true }, search: { perMinute: 60 } };
    const env = { ASGARD_AUTH: 'none', ASGARD_TOOL_RULES: JSON.stringify(rules) };
    expect(fromEnvironment(env)).toEqual({ toolRules: rules });
    for (const text of ['{', '[]', 'null', '"admin_*"'])
      expect(() => fromEnvironment({ ...env, ASGARD_TOOL_RULES: text })).toThrow(/ASGARD_TOOL_RULES: must be a JSON/);
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

    it('carries revocations to a verifier that is made here', async () => {
      const { auth, cluster } = fromEnvironment({
        ...env,
        ASGARD_AUTH: undefined,
        ASGARD_URL: 'https://mcp.example.com/mcp',
        ASGARD_ISSUER: 'https://id.example.com',
        ASGARD_JWKS_URI: 'https://id.internal/keys',
        REDIS_URL: 'redis://127.0.0.1:1',
      });
      expect(auth?.verifier).toHaveProperty('revoke');
      await cluster?.close?.();
    });

    it('remembers used proofs for a verifier that is made here', async () => {
      const issuer = await startIssuer({ keysPath: '/internal' });
      const { auth, cluster } = fromEnvironment({
        ...{ ...env, ASGARD_AUTH: undefined, ASGARD_URL: resource, ASGARD_ISSUER: issuer.url },
        ...{ ASGARD_JWKS_URI: `${issuer.url}/internal`, REDIS_URL: 'redis://127.0.0.1:1' },
      });
      // Closed, it is as much out of reach as can be, and nothing tries to reach it.
      await cluster?.close?.();
      const holder = await createHolder();
      const token = await issuer.sign(resource, { cnf: holder.cnf });
      const { dpop: proof } = await holder.prove(token, resource);
      await expect(auth?.verifier?.verify(token, { proof, method: 'POST', url: resource })).rejects.toMatchObject({
        ...{ code: 'unavailable', cause: { code: 'closed' } },
      });
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

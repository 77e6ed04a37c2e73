import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fromEnvironment } from '../../src/node.ts';

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
});

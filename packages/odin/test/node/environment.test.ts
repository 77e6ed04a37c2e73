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

  it.each([
    ['http://127.0.0.1:5561?verify-key=x', /cannot tell when a stream is held/],
    ['tcp://127.0.0.1:5562', /no verify-key/],
  ])('refuses %s', (gripUrl, problem) => {
    expect(() => fromEnvironment({ ASGARD_AUTH: 'none', GRIP_URL: gripUrl })).toThrow(problem);
  });
});

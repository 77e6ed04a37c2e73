import { expect, test } from 'vitest';
import { normalizeOptions, type TokenVerifierOptions } from '../src/options.ts';
import type { SignatureAlgorithm } from '../src/signature-algorithm.ts';

const options = { issuer: 'https://heimdall.example/realms/asgard', audience: 'https://odin.example/mcp' };

const asking = (issuer: string) => ({
  issuer,
  introspection: { client: { method: 'client_secret_basic' as const, clientId: 'odin', secret: 's' } },
});

test('fills in the defaults', () => {
  expect(normalizeOptions(options)).toMatchObject({
    issuers: [
      {
        issuer: options.issuer,
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        jwksUri: undefined,
        introspection: undefined,
      },
    ],
    audience: new Set([options.audience]),
    clockToleranceSeconds: 5,
    revocations: { maxEntries: 100_000, retentionMs: 86_400_000 },
    revocationBus: undefined,
    cache: { maxEntries: 10_000, maxBytes: 33_554_432, maxTtlMs: 60_000 },
    maxConcurrency: 1_000,
    requestTimeoutMs: 5_000,
    now: Date.now,
    allowHttp: false,
  });
});

test('neither changes nor keeps what it is given', () => {
  const algorithms: SignatureAlgorithm[] = ['ES256'];
  const audience = ['a', 'b'];
  const given = Object.freeze({ ...options, audience, algorithms, cache: Object.freeze({ maxTtlMs: 1 }) });
  const policy = normalizeOptions(given);
  algorithms.push('RS256');
  audience.push('c');
  expect(policy.issuers[0].algorithms).toEqual(['ES256']);
  expect(policy.audience).toEqual(new Set(['a', 'b']));
  expect(Object.isFrozen(policy)).toBe(true);
});

test.each<[string, unknown]>([
  ['issuer', { issuer: undefined }],
  ['issuer', { issuer: 'heimdall' }],
  ['issuer', { issuer: 'http://heimdall.example/realms/asgard' }],
  ['issuer', { issuer: 'https://user:pass@heimdall.example' }],
  ['issuer', { issuer: 'https://heimdall.example/#x' }],
  ['issuer', { issuer: 'ftp://localhost' }],
  ['audience', { audience: undefined }],
  ['audience', { audience: '' }],
  ['audience', { audience: [] }],
  ['audience', { audience: ['a', ''] }],
  ['audience', { audience: ['a', undefined] }],
  ['jwksUri', { jwksUri: 'http://10.0.0.1/certs' }],
  ['jwksUri', { jwksUri: 'http://localhost.evil.example/certs' }],
  ['algorithms', { algorithms: [] }],
  ['algorithms', { algorithms: ['none'] }],
  ['algorithms', { algorithms: ['RS256', 'HS256'] }],
  ['algorithms', { algorithms: 'RS256' }],
  ['clockToleranceSeconds', { clockToleranceSeconds: -1 }],
  ['clockToleranceSeconds', { clockToleranceSeconds: 61 }],
  ['clockToleranceSeconds', { clockToleranceSeconds: Number.NaN }],
  ['cache.maxEntries', { cache: { maxEntries: 0 } }],
  ['cache.maxEntries', { cache: { maxEntries: 1.5 } }],
  ['cache.maxBytes', { cache: { maxBytes: 0 } }],
  ['cache.maxTtlMs', { cache: { maxTtlMs: Number.POSITIVE_INFINITY } }],
  ['revocations.maxEntries', { revocations: { maxEntries: 0 } }],
  ['revocations.retentionMs', { revocations: { retentionMs: 0 } }],
  ['issuer', { issuer: [] }],
  ['issuer', { issuer: [{ issuer: options.issuer }, { issuer: options.issuer }] }],
  ['issuer', { issuer: [{ issuer: options.issuer }], jwksUri: 'https://heimdall.example/certs' }],
  ['issuer', { issuer: [{ issuer: 'http://heimdall.example' }] }],
  ['introspection.tokens', { issuer: [asking('https://a.example'), asking('https://b.example')] }],
  ['maxConcurrency', { maxConcurrency: 0 }],
  ['requestTimeoutMs', { requestTimeoutMs: 0 }],
])('refuses a bad %s: %j', (name, change) => {
  expect(() => normalizeOptions({ ...options, ...(change as object) } as TokenVerifierOptions)).toThrow(
    expect.objectContaining({ code: 'bad_option', status: 500, message: expect.stringContaining(`"${name}"`) }),
  );
});

test.each(['http://localhost:7999/heimdall/realms/asgard', 'http://127.0.0.1:8080', 'http://[::1]:8080/x'])(
  'plain http is fine on this machine: %s',
  (issuer) => {
    expect(normalizeOptions({ ...options, issuer }).issuers[0].issuer).toBe(issuer);
  },
);

test('plain http elsewhere has to be asked for by its long name', () => {
  const jwksUri = 'http://heimdall:8080/realms/asgard/certs';
  expect(normalizeOptions({ ...options, jwksUri, dangerouslyAllowHttp: true }).issuers[0].jwksUri).toBe(jwksUri);
});

test('the id tells apart whatever decides about a token, and nothing else', () => {
  const id = (change: Partial<TokenVerifierOptions>) => normalizeOptions({ ...options, ...change }).id;
  const decisive: Partial<TokenVerifierOptions>[] = [
    { issuer: 'https://heimdall.example/realms/other' },
    { audience: 'https://odin.example/other' },
    { audience: [options.audience, 'https://odin.example/other'] },
    { algorithms: ['RS256'] },
    { clockToleranceSeconds: 6 },
    { jwksUri: 'https://heimdall.example/certs' },
    asking(options.issuer),
    { issuer: [{ issuer: options.issuer }, { issuer: 'https://other.example' }] },
  ];
  expect(new Set([id({}), ...decisive.map(id)]).size).toBe(decisive.length + 1);
  expect(id({ audience: ['HTTPS://odin.example/mcp'], now: () => 0, cache: { maxEntries: 3 } })).toBe(id({}));
  expect(id({ audience: ['a', 'b'] })).toBe(id({ audience: ['b', 'a'] }));
});

test('several issuers, each with its own rules', () => {
  const { issuers } = normalizeOptions({
    audience: options.audience,
    issuer: [{ issuer: options.issuer, algorithms: ['ES256'] }, { issuer: 'https://other.example' }],
  });
  expect(issuers.map(({ issuer, algorithms }) => [issuer, algorithms.length])).toEqual([
    [options.issuer, 1],
    ['https://other.example', 4],
  ]);
});

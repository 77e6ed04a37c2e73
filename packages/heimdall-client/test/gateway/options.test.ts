import { expect, test } from 'vitest';
import { type GatewayOptions, normalizeGateway } from '../../src/gateway/options.ts';

const options: GatewayOptions = {
  issuer: 'https://heimdall.example',
  audience: 'https://odin.example/mcp',
  proof: { kind: 'loopback' },
};
const key = 'k'.repeat(43);

test('fills in the defaults', () => {
  expect(normalizeGateway({ ...options, proof: { kind: 'hmac', keys: [key] } })).toMatchObject({
    ...{ header: 'x-userinfo', lifetimeSeconds: 60, clockToleranceSeconds: 5 },
    proof: { header: 'x-userinfo-signature', maxAgeSeconds: 30, maxProofs: 100_000 },
  });
});

test.each<[string, object]>([
  ['proof', { proof: undefined }],
  ['proof', { proof: {} }],
  ['proof', { proof: { kind: 'none' } }],
  ['proof.keys', { proof: { kind: 'hmac', keys: [] } }],
  ['proof.keys', { proof: { kind: 'hmac', keys: [key, 'short'] } }],
  ['proof.maxAgeSeconds', { proof: { kind: 'hmac', keys: [key], maxAgeSeconds: 301 } }],
  ['proof.subjects', { proof: { kind: 'mtls', subjects: [] } }],
  ['proof.subjects', { proof: { kind: 'mtls', subjects: [''] } }],
  ['issuer', { issuer: 'http://heimdall.example' }],
  ['audience', { audience: undefined }],
  ['audience', { audience: [] }],
  ['audience', { audience: [''] }],
  ['header', { header: 'x userinfo' }],
  ['lifetimeSeconds', { lifetimeSeconds: 0 }],
])('refuses a bad %s: %j', (name, change) => {
  expect(() => normalizeGateway({ ...options, ...change })).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});

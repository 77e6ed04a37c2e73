import { expect, test } from 'vitest';
import { adviceOn } from '../../src/redis/tls-advice.ts';

const failing = (code: string): Error => Object.assign(new Error('no'), { code });

test('says what to do about certificates, and about nothing else', () => {
  expect(adviceOn(failing('DEPTH_ZERO_SELF_SIGNED_CERT'))).toMatch(/option ca.*REDIS_URL.*NODE_EXTRA_CA_CERTS/);
  expect(adviceOn(failing('ERR_TLS_CERT_ALTNAME_INVALID'))).toMatch(/REDIS_URL.*names/);
  for (const other of [failing('ECONNREFUSED'), new Error('x'), undefined, null, 'text'])
    expect(adviceOn(other)).toBe('');
});

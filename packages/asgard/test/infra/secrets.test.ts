import { expect, test } from 'vitest';
import {
  completeSecrets,
  findWeakSecrets,
  formatSecrets,
  parseSecrets,
  SECRET_NAMES,
} from '../../src/infra/secrets.ts';

let next = 0;
const bytes = (size: number): Uint8Array => {
  next += 1;
  return new Uint8Array(size).fill(next);
};

test('every secret is made of 32 bytes of its own', () => {
  const secrets = completeSecrets({}, bytes);
  expect(new Set(Object.values(secrets)).size).toBe(SECRET_NAMES.length);
  for (const value of Object.values(secrets)) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
});

test('what is there stays; what is missing or weak is made', () => {
  const first = completeSecrets({}, bytes);
  const again = completeSecrets(parseSecrets(formatSecrets(first)), bytes);
  expect(again).toEqual(first);
  const repaired = completeSecrets({ ...first, ASGARD_GRIP_KEY: 'changeme' }, bytes);
  expect(repaired.ASGARD_GRIP_KEY).not.toBe('changeme');
  expect(repaired.ASGARD_ODIN_SECRET).toBe(first.ASGARD_ODIN_SECRET);
});

test('the file is an env file that needs no quotes, with foreign lines left alone', () => {
  const text = formatSecrets(completeSecrets({}, bytes));
  for (const line of text.trim().split('\n')) expect(line).toMatch(/^#|^ASGARD_[A-Z_]+=[A-Za-z0-9_-]{43}$/);
  expect(parseSecrets('PATH=/bin\nASGARD_GRIP_KEY=abc\n# ASGARD_SEAL_KEY=x')).toEqual({ ASGARD_GRIP_KEY: 'abc' });
});

test('weak ones are named', () => {
  expect(findWeakSecrets({ ...completeSecrets({}, bytes), ASGARD_SEAL_KEY: 'short' })).toEqual(['ASGARD_SEAL_KEY']);
});

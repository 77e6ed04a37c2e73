import { expect, test } from 'vitest';
import { HeimdallError, type HeimdallErrorCode, isHeimdallError } from '../src/errors.ts';

test.each<[HeimdallErrorCode, number]>([
  ['token_missing', 401],
  ['token_malformed', 401],
  ['token_invalid', 401],
  ['token_expired', 401],
  ['token_revoked', 401],
  ['audience_mismatch', 401],
  ['issuer_unknown', 401],
  ['unavailable', 503],
  ['not_found', 500],
  ['conflict', 500],
  ['admin_refused', 500],
  ['bad_option', 500],
  ['bad_revocation', 500],
])('%s has status %i', (code, status) => {
  expect(new HeimdallError(code, 'why').status).toBe(status);
});

test('keeps its cause and the seconds to wait', () => {
  const cause = new Error('below');
  const error = new HeimdallError('unavailable', 'why', { cause, retryAfterSeconds: 3 });
  expect(error).toMatchObject({ name: 'HeimdallError', message: 'why', cause, retryAfterSeconds: 3 });
  expect('cause' in new HeimdallError('token_invalid', 'why')).toBe(false);
  expect('retryAfterSeconds' in new HeimdallError('token_invalid', 'why')).toBe(false);
});

test('knows its own', () => {
  expect(isHeimdallError(new HeimdallError('token_invalid', 'why'))).toBe(true);
  expect(isHeimdallError(new Error('why'))).toBe(false);
  expect(isHeimdallError(undefined)).toBe(false);
});

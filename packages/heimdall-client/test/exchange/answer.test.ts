import { expect, test } from 'vitest';
import { exchangeRefusal, parseExchanged } from '../../src/exchange/answer.ts';

test('a good answer', () => {
  const answer = { access_token: 't', token_type: 'bearer', expires_in: 60, scope: 'a b' };
  expect(parseExchanged(answer, 1_500)).toEqual({ accessToken: 't', expiresAt: 61, scopes: ['a', 'b'] });
  expect(parseExchanged({ ...answer, expires_in: '60' }, 0)).not.toHaveProperty('expiresAt');
});

test.each([
  [400, 'invalid_target', 'target_refused', 403],
  [400, 'invalid_scope', 'scope_refused', 403],
  [401, 'invalid_client', 'client_refused', 500],
  [400, 'unauthorized_client', 'client_refused', 500],
  [400, 'unsupported_grant_type', 'client_refused', 500],
  [400, 'invalid_request', 'exchange_refused', 403],
  [403, 'access_denied', 'exchange_refused', 403],
  [400, 'constructor', 'exchange_refused', 403],
])('status %i, %s: %s', (status, error, code, ours) => {
  const refusal = exchangeRefusal(status, { error, error_description: 'said so' });
  expect(refusal).toMatchObject({ code, status: ours, cause: { message: 'said so' } });
  expect(refusal.message).toContain(`(${error})`);
});

test.each([[undefined], [{ error: 'x"\nevil' }], [{ error: 1 }], ['text']])(
  'a refusal of another shape: %j',
  (answer) => {
    expect(exchangeRefusal(418, answer)).toMatchObject({
      code: 'exchange_refused',
      message: 'The issuer refuses to exchange the access token (status 418).',
    });
  },
);

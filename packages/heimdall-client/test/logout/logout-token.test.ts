import { expect, test } from 'vitest';
import { parseLogout } from '../../src/logout/logout-token.ts';
import { issuer, start } from '../support/issuer.ts';

const rules = { issuer, clients: new Set(['odin', 'app']), clockToleranceSeconds: 5 };
const event = 'http://schemas.openid.net/event/backchannel-logout';
const claims = {
  iss: issuer,
  aud: 'app',
  iat: start,
  exp: start + 120,
  jti: 'j-1',
  sid: 's-1',
  sub: 'u-1',
  events: { [event]: {} },
};
const header = { alg: 'ES256', typ: 'logout+jwt' };

test('names the session when it has one, else the subject until then', () => {
  expect(parseLogout({ header, claims }, rules, start)).toEqual({
    id: 'j-1',
    revocation: { issuer, sessionId: 's-1', issuedBefore: start },
  });
  const { sid: _, ...bySubject } = claims;
  expect(parseLogout({ header, claims: bySubject }, rules, start).revocation).toEqual({
    issuer,
    subject: 'u-1',
    issuedBefore: start,
  });
});

test.each([
  [{ typ: 'JWT' }, { typ: 'Logout' }],
  [{}, {}],
  [{ typ: 'application/logout+jwt' }, {}],
])('takes header %j with payload %j', (changedHeader, changedClaims) => {
  const token = { header: { alg: 'ES256', ...changedHeader }, claims: { ...claims, ...changedClaims } };
  expect(parseLogout(token, rules, start).id).toBe('j-1');
});

test.each<[string, object, object]>([
  ['an access token', { typ: 'at+jwt' }, {}],
  ["Keycloak's ID token", { typ: 'JWT' }, { typ: 'ID' }],
  ["Keycloak's access token", { typ: 'JWT' }, { typ: 'Bearer' }],
  ['an ID token', {}, { nonce: 'n' }],
  ['another issuer', {}, { iss: 'https://evil.example' }],
  ['another client', {}, { aud: 'other' }],
  ['no client', {}, { aud: undefined }],
  ['an old token', {}, { iat: start - 306, exp: undefined }],
  ['a token of the future', {}, { iat: start + 6 }],
  ['a token without time', {}, { iat: undefined }],
  ['a token that is over', {}, { exp: start - 5 }],
  ['an end that is no time', {}, { exp: 'soon' }],
  ['no event', {}, { events: undefined }],
  ['another event', {}, { events: { 'http://example.com/other': {} } }],
  ['an event that is no object', {}, { events: { [event]: true } }],
  ['no id', {}, { jti: undefined }],
  ['an id that is no text', {}, { jti: 1 }],
  ['nobody', {}, { sid: undefined, sub: undefined }],
  ['a session that is no text, though there is a subject', {}, { sid: 7 }],
  ['an empty session', {}, { sid: '' }],
])('refuses %s', (_name, changedHeader, changedClaims) => {
  const token = { header: { ...header, ...changedHeader }, claims: { ...claims, ...changedClaims } };
  expect(() => parseLogout(token, rules, start)).toThrow(expect.objectContaining({ code: 'token_invalid' }));
});

import { expect, test } from 'vitest';
import { verifyClaims, verifyIssuerAndExpiry, verifyType } from '../src/claims.ts';
import { accessClaims, audience, issuer, start } from './support/issuer.ts';

const rules = { issuer, audience: new Set([audience]), clockToleranceSeconds: 5 };

test.each<[string, Record<string, unknown>, number]>([
  ['as issued', {}, start],
  ['issued a little ahead', { iat: start + 5, nbf: start + 5 }, start],
  ['just over, within the tolerance', {}, start + 304.9],
  ['without iat', { iat: undefined }, start],
  ['one of several audiences', { aud: ['account', audience] }, start],
])('accepts a token %s', (_name, claims, now) => {
  expect(() => verifyClaims(accessClaims(claims), rules, now)).not.toThrow();
});

test.each([
  ['another issuer', { iss: `${issuer}2` }, 'issuer_unknown'],
  ['an issuer with a slash more', { iss: `${issuer}/` }, 'issuer_unknown'],
  ['an issuer in other letters', { iss: issuer.toUpperCase() }, 'issuer_unknown'],
  ['a list of issuers', { iss: [issuer] }, 'issuer_unknown'],
  ['no issuer', { iss: undefined }, 'issuer_unknown'],
  ['no audience', { aud: undefined }, 'audience_mismatch'],
  ['another audience', { aud: 'https://odin.example/other' }, 'audience_mismatch'],
  ['an expiry that is over', { exp: start - 5 }, 'token_expired'],
  ['no expiry', { exp: undefined }, 'token_invalid'],
  ['an expiry that is text', { exp: String(start + 300) }, 'token_invalid'],
  ['a start in the future', { nbf: start + 6 }, 'token_invalid'],
  ['a start that is text', { nbf: '0' }, 'token_invalid'],
  ['an issue date in the future', { iat: start + 6 }, 'token_invalid'],
  ['an issue date that is null', { iat: null }, 'token_invalid'],
  ['a binding to a DPoP key', { cnf: { jkt: 'x' } }, 'token_invalid'],
  ['a binding to a certificate', { cnf: { 'x5t#S256': 'x' } }, 'token_invalid'],
])('refuses %s', (_name, claims, code) => {
  const token = accessClaims(claims as Record<string, unknown>);
  expect(() => verifyClaims(token, rules, start)).toThrow(expect.objectContaining({ code, status: 401 }));
});

test('the early check looks at issuer and expiry only', () => {
  expect(() => verifyIssuerAndExpiry(accessClaims({ aud: 'other' }), rules, start)).not.toThrow();
  expect(() => verifyIssuerAndExpiry(accessClaims(), rules, start + 306)).toThrow(
    expect.objectContaining({ code: 'token_expired' }),
  );
});

test.each([
  [{ typ: 'at+jwt' }, {}],
  [{ typ: 'AT+JWT' }, {}],
  [{ typ: 'application/at+jwt' }, {}],
  [{ typ: 'JWT' }, { typ: 'Bearer' }],
  [{ typ: 'JWT' }, {}],
  [{}, {}],
  [{ typ: 'at+jwt' }, { nonce: 'n' }],
])('takes header %j with payload %j for an access token', (header, claims) => {
  expect(() => verifyType(header, claims)).not.toThrow();
});

test.each([
  [{ typ: 'JWT' }, { typ: 'ID' }],
  [{ typ: 'JWT' }, { typ: 'Refresh' }],
  [{ typ: 'JWT' }, { typ: 'Offline' }],
  [{ typ: 'JWT' }, { typ: 'Logout' }],
  [{ typ: 'JWT' }, { typ: 'DPoP' }],
  [{ typ: 'JWT' }, { typ: 'bearer' }],
  [{ typ: 'JWT' }, { typ: null }],
  [{ typ: 'at+jwt' }, { typ: 'ID' }],
  [{ typ: 'logout+jwt' }, {}],
  [{ typ: 'secevent+jwt' }, {}],
  [{ typ: 'dpop+jwt' }, {}],
  [{ typ: ['at+jwt'] }, {}],
  [{ typ: '' }, {}],
  [{ typ: 'JWT' }, { nonce: 'n' }],
  [{}, { at_hash: 'h' }],
  [{}, { c_hash: 'h' }],
  [{}, { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
])('refuses header %j with payload %j', (header, claims) => {
  expect(() => verifyType(header, claims)).toThrow(expect.objectContaining({ code: 'token_invalid' }));
});

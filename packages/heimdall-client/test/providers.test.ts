import { expect, test } from 'vitest';
import type { TokenVerifierOptions } from '../src/options.ts';
import { createTokenVerifier } from '../src/verifier.ts';
import { audience, createClock, createKey, issuer, start } from './support/issuer.ts';

const key = await createKey('k');

/** The claims that decide, as the providers document them, with ids shortened. What the recipes promise. */
const times = { iss: issuer, iat: start, nbf: start, exp: start + 3_600 };
const entra = {
  ...{ ...times, aud: audience, sub: 'pairwise', oid: 'o', tid: 't', ver: '2.0', azp: 'desk', azpacr: '0' },
  ...{ name: 'Freya', preferred_username: 'freya@asgard.example', scp: 'Notes.Read Notes.Write', roles: ['Smith'] },
};
const entraApp = { ...times, aud: audience, sub: 'o', oid: 'o', azp: 'robot', idtyp: 'app', roles: ['Smith'] };
const auth0 = {
  ...{ ...times, aud: [audience, 'https://t.eu.auth0.com/userinfo'], sub: 'auth0|1', azp: 'desk', scope: 'openid' },
  ...{ permissions: ['notes:read'], org_id: 'org_valhalla' },
};
const okta = { ...times, aud: audience, sub: 'freya@asgard.example', cid: 'desk', scp: ['notes'], groups: ['Smiths'] };

async function read(claims: object, options: Partial<TokenVerifierOptions> = {}) {
  const fetch = async () => Response.json({ keys: [key.jwk] });
  const common = { issuer, audience, jwksUri: `${issuer}/certs`, fetch, now: createClock().now };
  return createTokenVerifier({ ...common, ...options }).verify(await key.sign({ ...claims }, { typ: 'JWT' }));
}

test('Microsoft Entra ID', async () => {
  const claimNames = { roles: ['roles'] };
  expect(await read(entra, { claimNames })).toMatchObject({
    ...{ subject: 'pairwise', kind: 'user', clientId: 'desk', username: 'freya@asgard.example' },
    ...{ scopes: ['Notes.Read', 'Notes.Write'], roles: { realm: ['Smith'] } },
  });
  expect((await read(entra)).roles.realm).toEqual([]);
  expect(await read(entraApp, { claimNames })).toMatchObject({ kind: 'client', roles: { realm: ['Smith'] } });
});

test('Auth0', async () => {
  const claimNames = { scopes: ['scope', 'permissions'], organizations: 'org_id' };
  expect(await read(auth0, { claimNames })).toMatchObject({
    ...{ scopes: ['openid', 'notes:read'], organizations: [{ alias: 'org_valhalla' }] },
  });
  expect((await read(auth0)).scopes).toEqual(['openid']);
});

test('Okta', async () => {
  expect(await read(okta, { claimNames: { roles: ['groups'] } })).toMatchObject({
    ...{ scopes: ['notes'], roles: { realm: ['Smiths'] }, clientId: 'desk' },
  });
});

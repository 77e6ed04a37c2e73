import type { JWTPayload } from 'jose';
import { type Attack, byToken } from './attack.ts';
import { ACME } from './target.ts';

const now = (): number => Math.floor(Date.now() / 1000);

function byClaims(name: string, claims: () => Record<string, unknown>, header: Record<string, unknown> = {}): Attack {
  return byToken(name, ({ issuer }) => issuer.token(claims() as JWTPayload, header));
}

/** Tokens that the issuer did sign, but not for this server, not for now, or not as access tokens. */
export const claimAttacks: readonly Attack[] = [
  byClaims('aud missing', () => ({ aud: undefined })),
  byClaims('aud of another server', () => ({ aud: 'http://localhost/other' })),
  byClaims('aud a list without this server', () => ({ aud: ['http://localhost/other', 'account'] })),
  byClaims('aud an empty list', () => ({ aud: [] })),
  byClaims('aud empty', () => ({ aud: '' })),
  byClaims('aud a longer path', () => ({ aud: 'http://localhost/mcp/evil' })),
  byClaims('aud a prefix', () => ({ aud: 'http://localhost' })),
  byClaims('aud another port', () => ({ aud: 'http://localhost:81/mcp' })),
  byClaims('aud with credentials before the host', () => ({ aud: 'http://evil@localhost/mcp' })),
  byClaims('aud with a fragment', () => ({ aud: 'http://localhost/mcp#' })),
  byClaims('aud nested in a list', () => ({ aud: [['http://localhost/mcp']] })),
  byClaims('aud an object', () => ({ aud: { 'http://localhost/mcp': true } })),
  byClaims('aud of a tenant of this server', () => ({ aud: ACME })),
  byClaims('aud in azp instead', () => ({ aud: undefined, azp: 'http://localhost/mcp' })),
  byClaims('aud in resource instead', () => ({ aud: undefined, resource: 'http://localhost/mcp' })),
  byClaims('iss of a stranger under the known kid', () => ({ iss: 'https://evil.example' })),
  byClaims('iss missing', () => ({ iss: undefined })),
  byToken('iss with a slash at its end', ({ issuer }) => issuer.token({ iss: `${issuer.url}/` })),
  byToken('iss in capitals', ({ issuer }) => issuer.token({ iss: issuer.url.toUpperCase() })),
  byToken('iss a list', ({ issuer }) => issuer.token({ iss: [issuer.url] } as unknown as JWTPayload)),
  byToken('iss that begins like the known one', ({ issuer }) => issuer.token({ iss: `${issuer.url}.evil.example` })),
  byClaims('exp in the past', () => ({ exp: now() - 60 })),
  byClaims('exp missing', () => ({ exp: undefined })),
  byClaims('exp zero', () => ({ exp: 0 })),
  byClaims('exp as text', () => ({ exp: String(now() + 300) })),
  byClaims('exp null', () => ({ exp: null })),
  byClaims('nbf in the future', () => ({ nbf: now() + 60 })),
  byClaims('nbf as text', () => ({ nbf: 'tomorrow' })),
  byClaims('iat in the future', () => ({ iat: now() + 60 })),
  byClaims('iat as text', () => ({ iat: 'now' })),
  byClaims('sub missing', () => ({ sub: undefined })),
  byClaims('sub empty', () => ({ sub: '' })),
  byClaims('sub an object', () => ({ sub: { toString: 'freya' } })),
  byClaims('cnf of a key that nobody proves', () => ({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } })),
  byClaims('an ID token by its nonce', () => ({ nonce: 'n' }), { typ: 'JWT' }),
  byClaims('an ID token by its at_hash', () => ({ at_hash: 'h' }), { typ: 'JWT' }),
  byClaims('an ID token of Keycloak', () => ({ typ: 'ID' }), { typ: 'JWT' }),
  byClaims('a refresh token of Keycloak', () => ({ typ: 'Refresh' }), { typ: 'JWT' }),
  byClaims('an offline token of Keycloak', () => ({ typ: 'Offline' }), { typ: 'JWT' }),
  byClaims('a logout token', () => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }), {
    typ: 'logout+jwt',
  }),
  byClaims('a logout token that says JWT', () => ({ events: {} }), { typ: 'JWT' }),
  byClaims('a DPoP proof', () => ({ htm: 'POST', htu: 'http://localhost/mcp' }), { typ: 'dpop+jwt' }),
  byClaims('a client assertion', () => ({}), { typ: 'client-authentication+jwt' }),
  byClaims('a security event', () => ({}), { typ: 'secevent+jwt' }),
  byClaims('typ a list', () => ({}), { typ: ['at+jwt'] }),
];

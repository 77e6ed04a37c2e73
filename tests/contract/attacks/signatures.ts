import { base64url, CompactSign } from 'jose';
import { type Attack, byToken, REFUSED } from './attack.ts';
import { KID, RESOURCE } from './issuer.ts';
import type { Target } from './target.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): string => base64url.encode(JSON.stringify(value));

function claimsOf({ issuer }: Target): object {
  const now = Math.floor(Date.now() / 1000);
  const who = { sub: 'freya', scope: 'notes:read', client_id: 'app' };
  return { ...who, iss: issuer.url, aud: RESOURCE, iat: now, exp: now + 300 };
}

/** A token without a signature under a header of the attacker's choice. */
const unsigned = (header: object) => (target: Target) => `${json(header)}.${json(claimsOf(target))}.`;
/** The same, with something where the signature belongs. */
const filled = (header: object) => (target: Target) => `${json(header)}.${json(claimsOf(target))}.AAAA`;

/** Signed by the attacker, with a header that points to the attacker's key. */
const pointing = (header: Record<string, unknown>) => (target: Target) =>
  target.issuer.token({}, header, target.issuer.foreign.privateKey);

/** A good token with some characters of one part exchanged. */
async function tampered(target: Target, part: 0 | 1 | 2, change: (text: string) => string): Promise<string> {
  const parts = (await target.issuer.token()).split('.');
  parts[part] = change(parts[part] ?? '');
  return parts.join('.');
}

function withClaim(part: string, change: object): string {
  return json({ ...JSON.parse(new TextDecoder().decode(base64url.decode(part))), ...change });
}

async function hmac(target: Target, key: string, alg = 'HS256'): Promise<string> {
  return target.issuer.token({}, { alg }, bytes(key));
}

/** Signatures that are missing, of the wrong kind, or somebody else's (RFC 8725 sections 2.1 to 2.4 and 3). */
export const signatureAttacks: readonly Attack[] = [
  byToken('alg none without a signature', unsigned({ alg: 'none', typ: 'at+jwt' })),
  byToken('alg none with a signature', filled({ alg: 'none', typ: 'at+jwt' })),
  byToken('alg NONE in capitals', filled({ alg: 'NONE', typ: 'at+jwt' })),
  byToken('alg nOnE in mixed case', filled({ alg: 'nOnE', typ: 'at+jwt' })),
  byToken('alg missing', filled({ typ: 'at+jwt', kid: KID })),
  byToken('alg a list', filled({ alg: ['RS256'], typ: 'at+jwt', kid: KID })),
  byToken('alg null', filled({ alg: null, typ: 'at+jwt', kid: KID })),
  byToken('alg an unknown name', filled({ alg: 'XS256', typ: 'at+jwt', kid: KID })),
  byToken('alg __proto__', filled({ alg: '__proto__', typ: 'at+jwt', kid: KID })),
  byToken('HS256 signed with the public key as PEM', (target) => hmac(target, target.issuer.publicPem)),
  byToken('HS256 signed with the public key as JWK', (target) => hmac(target, JSON.stringify(target.issuer.publicJwk))),
  byToken('HS256 signed with the modulus of the public key', (target) => hmac(target, target.issuer.publicJwk.n ?? '')),
  byToken('HS512 signed with the public key as PEM', (target) => hmac(target, target.issuer.publicPem, 'HS512')),
  byToken('HS256 signed with a guessable word', (target) => hmac(target, 'secretsecretsecretsecretsecretse')),
  byToken('a strange key under the known kid', pointing({})),
  byToken('jku that leads to the attacker', (target) => pointing({ jku: `${target.issuer.url}/bait` })(target)),
  byToken('x5u that leads to the attacker', (target) => pointing({ x5u: `${target.issuer.url}/bait` })(target)),
  byToken('jku with an unknown kid', (target) => pointing({ jku: `${target.issuer.url}/bait`, kid: 'x' })(target)),
  byToken('jwk in the header', (target) => pointing({ jwk: target.issuer.foreign.publicJwk })(target)),
  byToken('jwk in the header and no kid', (target) =>
    pointing({ jwk: target.issuer.foreign.publicJwk, kid: undefined })(target),
  ),
  byToken('x5c in the header', pointing({ x5c: ['MIIB'] })),
  byToken('kid that climbs a path', pointing({ kid: '../../../../dev/null' })),
  byToken('kid that is SQL', pointing({ kid: "' UNION SELECT 'key' --" })),
  byToken('kid that is a URL', (target) => pointing({ kid: `${target.issuer.url}/bait` })(target)),
  byToken('kid empty', pointing({ kid: '' })),
  byToken('kid __proto__', pointing({ kid: '__proto__' })),
  byToken('kid a number', filled({ alg: 'RS256', typ: 'at+jwt', kid: 1 })),
  byToken('crit with an unknown extension', async (target) => {
    const header = { alg: 'RS256', typ: 'at+jwt', kid: KID, crit: ['exp'], exp: 1 };
    return tampered(target, 0, () => json(header));
  }),
  byToken('zip in the header, signed by a stranger', (target) =>
    new CompactSign(bytes(JSON.stringify(claimsOf(target))))
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: KID, zip: 'DEF' })
      .sign(target.issuer.foreign.privateKey),
  ),
  byToken('the subject changed after signing', (target) =>
    tampered(target, 1, (part) => withClaim(part, { sub: 'odin' })),
  ),
  byToken('the scope widened after signing', (target) =>
    tampered(target, 1, (part) => withClaim(part, { scope: 'notes:read notes:write notes:admin' })),
  ),
  byToken('the signature cut off', (target) => tampered(target, 2, () => '')),
  byToken('the signature shortened', (target) => tampered(target, 2, (part) => part.slice(0, -8))),
  byToken('the signature of another token', async (target) => {
    const [, , other = ''] = (await target.issuer.token({ sub: 'loki' })).split('.');
    return tampered(target, 2, () => other);
  }),
  byToken('alg exchanged for PS256 after signing', (target) =>
    tampered(target, 0, (part) => withClaim(part, { alg: 'PS256' })),
  ),
  byToken('alg exchanged for ES256 after signing', (target) =>
    tampered(target, 0, (part) => withClaim(part, { alg: 'ES256' })),
  ),
].map((attack) => ({ ...attack, outcome: REFUSED }));

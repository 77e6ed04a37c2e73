import { expect, test } from 'vitest';
import { callWith, expectNothingLeaked } from './attack.ts';
import type { AttackIssuer } from './issuer.ts';
import type { Target } from './target.ts';
import type { Seen } from './wire.ts';

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
let ids = 0;

/** A logout token that is good but for what is changed. */
function logoutToken(issuer: AttackIssuer, claims: object = {}, header: Record<string, unknown> = {}): Promise<string> {
  const base = { aud: 'app', jti: `logout-${++ids}`, events: EVENTS, scope: undefined, client_id: undefined };
  return issuer.token({ ...base, ...claims }, { typ: 'logout+jwt', ...header });
}

const form = { host: 'odin.internal:8080', 'content-type': 'application/x-www-form-urlencoded' };

function signOut(target: Target, token: string, headers: Record<string, string> = form): Promise<Seen> {
  return target.send({ path: '/.odin/logout', headers, body: String(new URLSearchParams({ logout_token: token })) });
}

async function isLetIn(target: Target, sub: string): Promise<boolean> {
  const token = await target.issuer.token({ sub, sid: `sid-${sub}` });
  return (await callWith(target, `Bearer ${token}`)).status === 200;
}

/** The address where the issuer signs users out: nobody else may, and nobody may twice. */
export function testLogout(target: () => Target): void {
  test('the issuer signs a user out, once; the same message again changes nothing', async () => {
    const token = await logoutToken(target().issuer, { sub: 'baldr', sid: 'sid-baldr' });
    expect(await isLetIn(target(), 'baldr')).toBe(true);
    expect((await signOut(target(), token)).status).toBe(200);
    expect(await isLetIn(target(), 'baldr')).toBe(false);
    const replays = await Promise.all([1, 2, 3].map(() => signOut(target(), token)));
    expect(replays.map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  test.each<[string, number, (issuer: AttackIssuer) => Promise<string>]>([
    ['an access token', 400, (issuer) => issuer.token()],
    ['an access token that says logout', 400, (issuer) => issuer.token({ aud: 'app' }, { typ: 'logout+jwt' })],
    ['a logout token of another client', 400, (issuer) => logoutToken(issuer, { aud: 'other' })],
    ['a logout token of another issuer', 400, (issuer) => logoutToken(issuer, { iss: 'https://evil.example' })],
    ['a logout token that is old', 400, (issuer) => logoutToken(issuer, { iat: 1 })],
    ['a logout token with a nonce', 400, (issuer) => logoutToken(issuer, { nonce: 'n' })],
    ['a logout token without an id', 400, (issuer) => logoutToken(issuer, { jti: undefined })],
    ['a logout token about nobody', 400, (issuer) => logoutToken(issuer, { sub: undefined, sid: undefined })],
    ['a logout token about another event', 400, (issuer) => logoutToken(issuer, { events: { 'urn:other': {} } })],
    ['a logout token typed as access token', 400, (issuer) => logoutToken(issuer, {}, { typ: 'at+jwt' })],
    ['a logout token cut off', 400, async (issuer) => (await logoutToken(issuer)).slice(0, -20)],
    ['a word', 400, async () => 'garbage'],
    ['nothing', 400, async () => ''],
    ['a flood', 413, async () => 'A'.repeat(100_000)],
  ])('%s signs nobody out', async (_name, status, make) => {
    const seen = await signOut(target(), await make(target().issuer));
    expect(seen.status).toBe(status);
    expectNothingLeaked(seen);
    expect(await isLetIn(target(), 'freya')).toBe(true);
  });

  test('a logout token signed by a stranger signs nobody out, and asks no address in it', async () => {
    const { issuer } = target();
    const header = { typ: 'logout+jwt', jku: `${issuer.url}/bait` };
    const claims = { aud: 'app', jti: 'forged', events: EVENTS };
    const seen = await signOut(target(), await issuer.token(claims, header, issuer.foreign.privateKey));
    expect([seen.status, issuer.baited()]).toEqual([400, 0]);
    expect(await isLetIn(target(), 'freya')).toBe(true);
  });

  test.each<[string, number, Record<string, string>]>([
    ['as JSON', 400, { host: 'localhost', 'content-type': 'application/json' }],
    ['as plain text', 400, { host: 'localhost', 'content-type': 'text/plain' }],
  ])('a good logout token sent %s is not taken', async (_name, status, headers) => {
    const token = await logoutToken(target().issuer);
    expect((await signOut(target(), token, headers)).status).toBe(status);
    expect(await isLetIn(target(), 'freya')).toBe(true);
  });

  test.each(['GET', 'PUT', 'DELETE'])('a good logout token in the URL of a %s is not taken', async (method) => {
    const path = `/.odin/logout?logout_token=${await logoutToken(target().issuer)}`;
    expect((await target().send({ method, path, headers: { host: 'localhost' } })).status).toBe(405);
    expect(await isLetIn(target(), 'freya')).toBe(true);
  });
}

import { base64url } from 'jose';
import { type Attack, byHeaders, byToken, REFUSED } from './attack.ts';
import { callTool } from './messages.ts';
import type { Target } from './target.ts';

const json = (value: unknown): string => base64url.encode(JSON.stringify(value));
const HEADER = json({ alg: 'RS256', typ: 'at+jwt', kid: 'known' });

const byAuthorization = (name: string, make: (target: Target, token: string) => string): Attack =>
  byHeaders(name, async (target) => ({ authorization: make(target, await target.issuer.token()) }), REFUSED);

/** A good token, but where no token belongs. */
const byQuery = (name: string, query: (token: string) => string, withHeader: boolean): Attack => ({
  name,
  outcome: { status: 400, challenge: 'invalid_request' },
  async run(target) {
    const token = await target.issuer.token();
    const { headers, body } = callTool('treasure');
    const authorization = withHeader ? { authorization: `Bearer ${token}` } : {};
    return target.send({ path: `/mcp?${query(token)}`, headers: { ...headers, ...authorization }, body });
  },
});

/** What is no token, or is not where and how a token is sent (RFC 6750 sections 2 and 3.1). */
export const malformedAttacks: readonly Attack[] = [
  byHeaders('no token', () => ({}), { status: 401, challenge: 'bare' }),
  byToken('one word', () => 'garbage'),
  byToken('two parts', () => 'a.b'),
  byToken('four parts', () => 'a.b.c.d'),
  byToken('five parts, as an encrypted token', () => `${HEADER}.a.b.c.d`),
  byToken('only dots', () => '..'),
  byToken('a header that is no JSON', () => `${base64url.encode('{')}.${json({})}.AAAA`),
  byToken('a header that is a list', () => `${json([])}.${json({})}.AAAA`),
  byToken('a header that is null', () => `${json(null)}.${json({})}.AAAA`),
  byToken('claims that are text', () => `${HEADER}.${json('freya')}.AAAA`),
  byToken(
    'claims that are no UTF-8',
    () => `${HEADER}.${base64url.encode(Uint8Array.of(0x22, 0xff, 0xfe, 0x22))}.AAAA`,
  ),
  byToken('claims nested ten thousand deep', () => `${HEADER}.${base64url.encode('['.repeat(10_000))}.AAAA`),
  byToken('claims with __proto__', () => `${HEADER}.${base64url.encode('{"__proto__":{"iss":"x"}}')}.AAAA`),
  byToken('longer than any token', () => `${HEADER}.${'A'.repeat(20_000)}.AAAA`),
  byToken('padded with "="', async ({ issuer }) => `${await issuer.token()}==`),
  byHeaders('a header beyond the limit of the connection', () => ({ authorization: `Bearer ${'A'.repeat(70_000)}` }), {
    status: 431,
  }),
  byAuthorization('Basic', () => `Basic ${Buffer.from('freya:freya').toString('base64')}`),
  byAuthorization('Bearer without a token', () => 'Bearer'),
  byAuthorization('the token without Bearer', (_, token) => token),
  byAuthorization('two tokens in one header', (_, token) => `Bearer ${token}, Bearer ${token}`),
  byAuthorization('two tokens with a space', (_, token) => `Bearer ${token} ${token}`),
  byAuthorization('a tab after Bearer', (_, token) => `Bearer\t${token}`),
  byAuthorization('quotes around the token', (_, token) => `Bearer "${token}"`),
  byAuthorization('a percent-encoded token', (_, token) => `Bearer ${token.replaceAll('.', '%2E')}`),
  byQuery('the token in the URL', (token) => `access_token=${token}`, false),
  byQuery('the token in the URL and in the header', (token) => `access_token=${token}`, true),
  byQuery('the token in the URL, its name encoded', (token) => `access%5Ftoken=${token}`, false),
];

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KID, UNREADABLE } from './issuer.ts';
import { callTool } from './messages.ts';
import { GLOBEX, startTarget, type Target } from './target.ts';

const TOKENS = 10_000;
const LANES = 50;

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target?.close());

/** Sends every token once, some at a time. @returns how often each status came */
async function flood(make: (index: number) => string, host = 'localhost'): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  const call = callTool('treasure');
  const [headers, body] = [{ ...call.headers, host }, call.body];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < TOKENS) {
      const authorization = `Bearer ${make(next++)}`;
      const { status } = await target.send({ headers: { ...headers, authorization }, body });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return statuses;
}

const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function forged(index: number, kid: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: target.issuer.url, aud: 'http://localhost/mcp', sub: `u${index}`, iat: now, exp: now + 300 };
  return `${json({ alg: 'RS256', typ: 'at+jwt', kid })}.${json(claims)}.${randomBytes(256).toString('base64url')}`;
}

/** Work is counted, not timed: a slow machine does not make an attack succeed. */
describe(`${TOKENS} distinct tokens that are no good`, () => {
  test.each<[string, (index: number) => string]>([
    ['random words', () => randomBytes(24).toString('base64url')],
    ['forged signatures under the known kid', (index) => forged(index, KID)],
    ['forged signatures under a new kid each', (index) => forged(index, `kid-${index}`)],
  ])(
    '%s: all refused, nobody forgotten, the issuer left in peace',
    async (_name, make) => {
      const good = await target.issuer.token();
      await target.verifier.verify(good);
      const before = { stats: target.verifier.stats(), ran: target.ran.length, fetches: target.issuer.keyFetches() };

      expect(await flood(make)).toEqual({ 401: TOKENS });

      const { cache, running, rejected, verified } = target.verifier.stats();
      expect(target.ran.length).toBe(before.ran);
      expect(target.verifier.peek(good)?.subject).toBe('freya');
      expect(cache.entries).toBe(before.stats.cache.entries);
      expect(rejected - before.stats.rejected).toBe(TOKENS);
      expect([running, verified]).toEqual([0, before.stats.verified]);
      // Unknown key ids may make the keys be fetched again, once in ten seconds.
      expect(target.issuer.keyFetches() - before.fetches).toBeLessThanOrEqual(10);
    },
    120_000,
  );

  describe('at a host whose issuer is asked about tokens', () => {
    const host = 'globex.example';
    const goodToken = (sub: string): string =>
      target.issuer.opaque({ aud: GLOBEX, organization: ['globex'], sub, scope: 'notes:read' });

    async function callThere(token: string): Promise<number> {
      const { headers, body } = callTool('treasure');
      const seen = await target.send({ headers: { ...headers, host, authorization: `Bearer ${token}` }, body });
      return seen.status;
    }

    test.each<[string, number, (index: number) => string]>([
      ['random words', TOKENS, () => randomBytes(24).toString('base64url')],
      ['words that the issuer answers with 400', TOKENS, (index) => `${UNREADABLE}${index}`],
      ['JWTs without a signature', 0, (index) => forged(index, KID).replace(/[^.]*$/, '')],
      ['JWTs of other issuers', 0, (index) => `${json({ alg: 'RS256' })}.${json({ iss: 'https://x', n: index })}.AAAA`],
    ])(
      '%s: all refused, the issuer asked %d times, and users come in meanwhile and afterwards',
      async (_name, questions, make) => {
        const [known, early, late] = ['known', 'early', 'late'].map(goodToken) as [string, string, string];
        expect(await callThere(known)).toBe(200);
        const before = { ran: target.ran.length, questions: target.issuer.questions() };

        const flooding = flood(make, host);
        expect(await callThere(early)).toBe(200);
        expect(await flooding).toEqual({ 401: TOKENS });
        expect(target.issuer.questions() - before.questions).toBe(questions + 1);

        expect([await callThere(known), await callThere(late)]).toEqual([200, 200]);
        expect(target.ran.length).toBe(before.ran + 3);
      },
      120_000,
    );
  });
});

import type { ExchangeRequest } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import { testPrincipal } from '../../src/testing.ts';
import { createFixture, modernRequest, type Recorded } from '../fixture.ts';

const principal = testPrincipal();

function createServer(exchange?: (request: ExchangeRequest) => Promise<never>): {
  fixture: Recorded;
  asked: ExchangeRequest[];
} {
  const asked: ExchangeRequest[] = [];
  const answer = async (request: ExchangeRequest) => {
    asked.push(request);
    return { accessToken: 'for-calendar', scopes: [] };
  };
  const auth = {
    issuer: 'http://localhost/i',
    verifier: { peek: () => principal, verify: async () => principal },
    exchange: { exchange: exchange ?? answer },
  };
  const fixture = createFixture({ url: 'http://localhost/mcp', auth });
  fixture.odin.tool(
    { name: 'agenda' },
    async (context) => (await context.exchangeToken({ audience: 'calendar', scope: 'read' })).accessToken,
  );
  return { fixture, asked };
}

const call = async ({ odin }: Recorded, headers: Record<string, string>): Promise<string> =>
  (await odin.fetch(modernRequest('tools/call', { name: 'agenda' }, { headers }))).text();

describe('ctx.exchangeToken', () => {
  it('gets a token for another service with the token of this very caller', async () => {
    const { fixture, asked } = createServer();
    expect(await call(fixture, { authorization: 'Bearer users-own' })).toContain('for-calendar');
    expect(asked).toEqual([{ subjectToken: 'users-own', audience: 'calendar', scope: 'read' }]);
  });

  it('shows handlers no way to the caller’s own token', async () => {
    const { fixture } = createServer();
    fixture.odin.tool({ name: 'spy' }, (context) => JSON.stringify(context) + Object.values(context).join());
    const response = await fixture.odin.fetch(
      modernRequest('tools/call', { name: 'spy' }, { headers: { authorization: 'Bearer users-own' } }),
    );
    expect(await response.text()).not.toContain('users-own');
  });

  it('masks a refusal of the issuer, and says what is missing to the operator only', async () => {
    const refusing = createServer(() => Promise.reject(new Error('the issuer said no')));
    expect(await call(refusing.fixture, { authorization: 'Bearer x' })).not.toContain('issuer said no');
    const bare = createFixture();
    bare.odin.tool({ name: 'agenda' }, (context) => context.exchangeToken({ audience: 'calendar' }));
    expect(await call(bare, {})).toContain('isError');
  });
});

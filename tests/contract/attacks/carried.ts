import type { JWTPayload } from 'jose';
import { expect, test } from 'vitest';
import { callWith, expectNothingLeaked } from './attack.ts';
import { callTool, legacyMessage } from './messages.ts';
import type { Target } from './target.ts';
import type { Seen } from './wire.ts';

const FREYA = { sub: 'freya' };
const LOKI = { sub: 'loki', sid: 'sid-loki' };

interface Asked {
  readonly requestState: string;
}

/** Begins a call that asks its user, and gives what the client has to bring back. */
async function begin(target: Target): Promise<Asked> {
  const seen = await callWith(target, `Bearer ${await target.issuer.token(FREYA)}`, callTool('ask'));
  return (JSON.parse(seen.body) as { result: Asked }).result;
}

async function proceed(target: Target, claims: JWTPayload, params: Record<string, unknown>): Promise<Seen> {
  const inputResponses = { sure: { action: 'accept', content: { sure: true } } };
  const { name = 'ask', ...more } = params as { name?: string };
  return callWith(target, `Bearer ${await target.issuer.token(claims)}`, callTool(name, { inputResponses, ...more }));
}

/** What clients carry for the server between rounds of a call is good for its caller and its call only. */
export function testRequestStates(target: () => Target): void {
  test('the state is unreadable, and good for its own user', async () => {
    const { requestState } = await begin(target());
    expect(Buffer.from(requestState, 'base64url').toString('latin1')).not.toContain('treasure');
    const before = target().ran.length;
    const seen = await proceed(target(), FREYA, { requestState });
    expect([seen.status, target().ran.slice(before)]).toEqual([200, ['ask']]);
  });

  test.each<[string, JWTPayload, (state: string) => Record<string, unknown>]>([
    ['by another user', LOKI, (requestState) => ({ requestState })],
    ['by the same user with another client', { client_id: 'other' }, (requestState) => ({ requestState })],
    ['with other arguments', FREYA, (requestState) => ({ requestState, arguments: { more: 1 } })],
    ['for another tool', FREYA, (requestState) => ({ requestState, name: 'treasure' })],
    [
      'with one character changed',
      FREYA,
      (state) => ({ requestState: `${state.slice(0, -2)}${state.endsWith('AA') ? 'BB' : 'AA'}` }),
    ],
    ['cut off', FREYA, (state) => ({ requestState: state.slice(0, 20) })],
    ['made up', FREYA, () => ({ requestState: 'o1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['as an object', FREYA, () => ({ requestState: { answers: {} } })],
  ])('a state is refused %s', async (_name, claims, change) => {
    const { requestState } = await begin(target());
    const before = target().ran.length;
    const seen = await proceed(target(), claims, change(requestState));
    expect(JSON.parse(seen.body)).toMatchObject({ error: { code: -32602 } });
    expectNothingLeaked(seen);
    expect(target().ran.slice(before)).toEqual([]);
  });
}

const initialize = legacyMessage({
  ...{ id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'attacker', version: '0' } },
});

async function beginSession(target: Target): Promise<string> {
  const seen = await callWith(target, `Bearer ${await target.issuer.token(FREYA)}`, initialize);
  return String(seen.headers['mcp-session-id']);
}

/** A session is its owner's: its id alone opens nothing. */
export function testSessions(target: () => Target): void {
  const call = { id: 2, method: 'tools/call', params: { name: 'treasure', arguments: {} } };

  test('a session is good for its own user, and its id says nothing', async () => {
    const session = await beginSession(target());
    expectNothingLeaked({
      status: 0,
      challenge: undefined,
      headers: {},
      body: Buffer.from(session, 'base64url').toString('latin1'),
    });
    const token = await target().issuer.token(FREYA);
    const seen = await callWith(target(), `Bearer ${token}`, legacyMessage(call, { 'mcp-session-id': session }));
    expect(seen.status).toBe(200);
  });

  test.each<[string, JWTPayload, (session: string) => string]>([
    ['of another user', LOKI, (session) => session],
    [
      'with one character changed',
      FREYA,
      (session) => `${session.slice(0, -2)}${session.endsWith('AA') ? 'BB' : 'AA'}`,
    ],
    ['that was made up', FREYA, () => '7b6e8a4e-6f63-4f6c-8f43-3f8f3c6c2a10'],
    ['that is __proto__', FREYA, () => '__proto__'],
  ])('a session id %s opens nothing', async (_name, claims, change) => {
    const session = change(await beginSession(target()));
    const before = target().ran.length;
    const headers = { 'mcp-session-id': session };
    const authorization = `Bearer ${await target().issuer.token(claims)}`;
    const posted = await callWith(target(), authorization, legacyMessage(call, headers));
    const bare = { ...legacyMessage({}, headers).headers, authorization };
    const listened = await target().send({ method: 'GET', headers: bare });
    const ended = await target().send({ method: 'DELETE', headers: bare });
    expect([posted.status, listened.status, ended.status]).toEqual([404, 404, 404]);
    for (const seen of [posted, listened, ended]) expectNothingLeaked(seen);
    expect(target().ran.slice(before)).toEqual([]);
  });

  test.each(['POST', 'GET', 'DELETE'])('a session id without a token opens nothing: %s', async (method) => {
    const headers = legacyMessage({}, { 'mcp-session-id': await beginSession(target()) });
    const before = target().ran.length;
    const body = method === 'POST' ? legacyMessage(call).body : undefined;
    const seen = await target().send({ method, headers: headers.headers, ...(body !== undefined && { body }) });
    expect(seen.status).toBe(401);
    expectNothingLeaked(seen);
    expect(target().ran.slice(before)).toEqual([]);
  });
}

import { randomUUID } from 'node:crypto';
import { formatGatewaySignature, type SignedParts } from '@asgard/heimdall-client';
import { expect, test } from 'vitest';
import { type Attack, type Outcome, REFUSED } from './attack.ts';
import { RESOURCE } from './issuer.ts';
import { callTool } from './messages.ts';
import { GATEWAY_KEY, type Target, TREASURE } from './target.ts';
import type { Seen } from './wire.ts';

const NO_TOKEN = { status: 401, challenge: 'bare' } as const;

const encode = (claims: unknown): string => Buffer.from(JSON.stringify(claims)).toString('base64');
const FREYA = { sub: 'freya', aud: RESOURCE, scope: 'notes:read' };

type Headers = Record<string, string | string[]>;

/** What the gateway would send, but for what is changed. */
async function signed(claims: unknown = FREYA, parts: Partial<SignedParts> = {}, key = GATEWAY_KEY): Promise<Headers> {
  const userinfo = encode(claims);
  const now = { at: Math.floor(Date.now() / 1000), nonce: randomUUID(), method: 'POST', target: '/mcp', userinfo };
  return { 'x-userinfo': userinfo, 'x-userinfo-signature': await formatGatewaySignature(key, { ...now, ...parts }) };
}

function send(target: Target, headers: Headers): Promise<Seen> {
  const call = callTool('treasure');
  return target.send({ headers: { ...call.headers, ...headers }, body: call.body });
}

function forged(
  name: string,
  make: (target: Target) => Headers | Promise<Headers>,
  outcome: Outcome = REFUSED,
): Attack {
  return { name, outcome, run: async (target) => send(target, await make(target)) };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** Whoever reaches a server that believes a gateway, and is not that gateway. */
export const gatewayAttacks: readonly Attack[] = [
  forged('X-Userinfo without a signature', () => ({ 'x-userinfo': encode(FREYA) })),
  forged(
    'a signature without X-Userinfo',
    async () => {
      const { 'x-userinfo-signature': signature = '' } = await signed();
      return { 'x-userinfo-signature': signature };
    },
    NO_TOKEN,
  ),
  forged('a signature with another key', () => signed(FREYA, {}, 'b'.repeat(43))),
  forged('a signature of another user', async () => ({
    ...(await signed()),
    'x-userinfo': encode({ ...FREYA, sub: 'odin' }),
  })),
  forged('a signature of another method', () => signed(FREYA, { method: 'GET' })),
  forged('a signature of another path', () => signed(FREYA, { target: '/other' })),
  forged('a signature of a query', () => signed(FREYA, { target: '/mcp?a=1' })),
  forged('a signature of a minute ago', () => signed(FREYA, { at: seconds() - 60 })),
  forged('a signature of the next minute', () => signed(FREYA, { at: seconds() + 60 })),
  forged('an empty signature', async () => ({ ...(await signed()), 'x-userinfo-signature': '' })),
  forged('two signatures', async () => {
    const good = await signed();
    return { ...good, 'x-userinfo-signature': [String(good['x-userinfo-signature']), 't=1,n=0,s=0'] };
  }),
  forged('two users', async () => {
    const good = await signed();
    return { ...good, 'x-userinfo': [encode({ ...FREYA, sub: 'odin' }), String(good['x-userinfo'])] };
  }),
  forged('a user of another service', () => signed({ ...FREYA, aud: 'account' })),
  forged('a user of no service', () => signed({ ...FREYA, aud: undefined })),
  forged('a user of another issuer', () => signed({ ...FREYA, iss: 'https://evil.example' })),
  forged('a user who is not active', () => signed({ ...FREYA, active: false })),
  forged('a user who is over', () => signed({ ...FREYA, exp: 1 })),
  forged('nobody', () => signed({ ...FREYA, sub: undefined })),
  forged('a list of users', () => signed([FREYA])),
  forged('a user with a bad token', async () => ({ ...(await signed()), authorization: 'Bearer a.b.c' })),
  forged('a user with an empty token', async () => ({ ...(await signed()), authorization: '' })),
  forged(
    'the user of a gateway at the host of a tenant',
    async () => ({ ...(await signed()), host: 'acme.example' }),
    NO_TOKEN,
  ),
  forged('a user without the scope', () => signed({ ...FREYA, scope: 'other' }), {
    ...{ status: 403, challenge: 'insufficient_scope' },
  }),
];

export function testGateway(target: () => Target): void {
  test('the gateway is believed, once for each signature', async () => {
    const headers = await signed();
    const first = await send(target(), headers);
    expect([first.status, first.body.includes(TREASURE)]).toEqual([200, true]);
    const ran = target().ran.length;
    const again = await Promise.all([send(target(), headers), send(target(), headers)]);
    expect(again.map(({ status }) => status)).toEqual([401, 401]);
    expect(target().ran.length).toBe(ran);
  });

  test('tokens are looked at as ever', async () => {
    const good = await send(target(), { authorization: `Bearer ${await target().issuer.token()}` });
    const expired = await send(target(), { authorization: `Bearer ${await target().issuer.token({ exp: 1 })}` });
    expect([good.status, expired.status]).toEqual([200, 401]);
  });
}

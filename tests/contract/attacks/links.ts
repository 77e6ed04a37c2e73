import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { expectNothingLeaked } from './attack.ts';
import { callTool } from './messages.ts';
import type { Target } from './target.ts';

interface HeldCall {
  readonly link: string;
  readonly channel: string;
}

/** Begins a call of freya's that the proxy holds. Clients see neither link nor channel: the attacker here knows both. */
async function hold(target: Target): Promise<HeldCall> {
  const { headers, body } = callTool('wait');
  const authorization = `Bearer ${await target.issuer.token()}`;
  const seen = await target.send({ headers: { ...headers, authorization, 'grip-sig': await target.gripSig() }, body });
  const link = /<([^>]+)>; rel=next/.exec(String(seen.headers['grip-link']))?.[1] ?? '';
  const channel = String(seen.headers['grip-channel']).split(/[;,]/)[0]?.trim() ?? '';
  return { link, channel };
}

/** The link of a held call belongs to the proxy: the caller's token opens it as little as anybody else's. */
export function testNextLinks(target: () => Target): void {
  const last = ({ channel }: HeldCall): string => `${channel}; last-id=0`;
  const foreignSig = (): Promise<string> =>
    new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('asgard')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('another secret of thirty-two byte'));

  test('the proxy is let in', async () => {
    const held = await hold(target());
    const headers = { 'grip-sig': await target().gripSig(), 'grip-last': last(held) };
    const seen = await target().send({ method: 'GET', path: held.link, headers });
    expect(seen.status).toBe(200);
  });

  test.each<[string, (held: HeldCall, target: Target) => Promise<Record<string, string>>]>([
    ['nothing', async () => ({})],
    ['the link and Grip-Last', async (held) => ({ 'grip-last': last(held) })],
    [
      "the owner's token",
      async (held, { issuer }) => ({ 'grip-last': last(held), authorization: `Bearer ${await issuer.token()}` }),
    ],
    [
      "another user's token",
      async (held, { issuer }) => ({
        'grip-last': last(held),
        authorization: `Bearer ${await issuer.token({ sub: 'loki' })}`,
      }),
    ],
    [
      'a token as Grip-Sig',
      async (held, { issuer }) => ({ 'grip-last': last(held), 'grip-sig': await issuer.token() }),
    ],
    ['a Grip-Sig under another key', async (held) => ({ 'grip-last': last(held), 'grip-sig': await foreignSig() })],
    ['Grip-Sig and no Grip-Last', async (_, all) => ({ 'grip-sig': await all.gripSig() })],
    [
      'Grip-Sig and a guessed channel',
      async (_, all) => ({ 'grip-sig': await all.gripSig(), 'grip-last': 'odin.r1.x.1; last-id=0' }),
    ],
    [
      'Grip-Sig and a changed lease',
      async ({ channel }, all) => ({
        'grip-sig': await all.gripSig(),
        'grip-last': `${channel.slice(0, -3)}AAA; last-id=0`,
      }),
    ],
  ])('a stranger with %s sees nothing', async (_name, make) => {
    const held = await hold(target());
    const headers = { host: 'localhost', ...(await make(held, target())) };
    const seen = await target().send({ method: 'GET', path: held.link, headers });
    expect([seen.status, seen.body, seen.headers['grip-hold']]).toEqual([404, '', undefined]);
    expectNothingLeaked(seen);
  });
}

import { expect, test } from 'vitest';
import { createGatewayReader, type GatewayRequest } from '../../src/gateway/gateway.ts';
import { formatGatewaySignature } from '../../src/gateway/signature.ts';
import { parsePrincipal } from '../../src/principal.ts';
import { accessClaims, audience, createClock, issuer, start } from '../support/issuer.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const user = { sub: 'u-1', aud: audience, preferred_username: 'freya', organization: ['valhalla'] };

const through = (userinfo: string, change: Partial<GatewayRequest> = {}): GatewayRequest => ({
  ...{ method: 'POST', target: '/mcp', headers: new Headers({ 'x-userinfo': userinfo }) },
  ...{ peer: { address: '127.0.0.1' }, ...change },
});

const local = () => createGatewayReader({ issuer, audience, proof: { kind: 'loopback' }, now: createClock().now });

test('tells who it is, and believes it for a minute', async () => {
  expect(await local().read(through(encode(user)))).toMatchObject({
    ...{ subject: 'u-1', issuer, kind: 'user', username: 'freya', expiresAt: start + 60 },
    organizations: [{ alias: 'valhalla' }],
  });
  expect(await local().read(through(encode({ ...user, exp: start + 10 })))).toMatchObject({ expiresAt: start + 10 });
});

test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s is this machine', async (address) => {
  await expect(local().read(through(encode(user), { peer: { address } }))).resolves.toBeDefined();
});

test.each(['10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.evil', '', undefined])('%s is not', async (address) => {
  const peer = address === undefined ? {} : { address };
  await expect(local().read(through(encode(user), { peer }))).rejects.toMatchObject({ code: 'token_invalid' });
});

test('a certificate of the gateway, compared exactly', async () => {
  const reader = createGatewayReader({ issuer, audience, proof: { kind: 'mtls', subjects: ['CN=bifrost'] } });
  const read = (peer: object) => reader.read(through(encode(user), { peer }));
  await expect(read({ certificateSubject: 'CN=bifrost' })).resolves.toBeDefined();
  for (const peer of [{ certificateSubject: 'CN=bifrost2' }, { address: '127.0.0.1' }, {}]) {
    await expect(read(peer)).rejects.toMatchObject({ code: 'token_invalid', status: 401 });
  }
});

test('a signature of the gateway, for this request and this user', async () => {
  const key = 'k'.repeat(43);
  const reader = createGatewayReader({
    issuer,
    audience,
    proof: { kind: 'hmac', keys: [key] },
    now: createClock().now,
  });
  const userinfo = encode(user);
  const signature = await formatGatewaySignature(key, {
    ...{ at: start, nonce: '0123456789abcdef', method: 'POST', target: '/mcp', userinfo },
  });
  const send = (value: string, change = {}) => {
    const headers = new Headers({ 'x-userinfo': value, 'x-userinfo-signature': signature });
    return reader.read(through(value, { headers, ...change }));
  };
  await expect(send(encode({ ...user, sub: 'u-2' }))).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(send(userinfo, { target: '/other' })).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(reader.read(through(userinfo))).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(send(userinfo)).resolves.toMatchObject({ subject: 'u-1' });
  await expect(send(userinfo)).rejects.toMatchObject({ code: 'token_invalid' });
});

test('the user of the token and of the header must be the same', async () => {
  const principal = (claims: Record<string, unknown>) => parsePrincipal(accessClaims(claims));
  const read = (claims: Record<string, unknown>) =>
    local().read(through(encode(user), { principal: principal(claims) }));
  await expect(read({})).resolves.toBeDefined();
  await expect(read({ sub: 'u-2' })).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(read({ iss: 'https://other.example' })).rejects.toMatchObject({ code: 'token_invalid' });
});

test.each<[string, string, string]>([
  ['nothing', '', 'token_missing'],
  ['no base64', '{"sub":"u-1"}', 'token_malformed'],
  ['two of them', `${encode(user)}, ${encode(user)}`, 'token_malformed'],
  ['an array', encode([user]), 'token_malformed'],
  ['too much', encode({ ...user, x: 'x'.repeat(20_000) }), 'token_malformed'],
  ['no subject', encode({ aud: audience, name: 'freya' }), 'token_invalid'],
  ['another issuer', encode({ ...user, iss: 'https://evil.example' }), 'issuer_unknown'],
  ['an inactive user', encode({ ...user, active: false }), 'token_invalid'],
  ['a user who is over', encode({ ...user, exp: start }), 'token_expired'],
  ['an end that is no number', encode({ ...user, exp: 'never' }), 'token_expired'],
])('refuses %s', async (_name, userinfo, code) => {
  await expect(local().read(through(userinfo))).rejects.toMatchObject({ code });
});

test('a user who was signed in for another service is refused, unless nobody looks on purpose', async () => {
  for (const aud of [undefined, 'https://other.example/mcp', ['account'], 7]) {
    await expect(local().read(through(encode({ ...user, aud })))).rejects.toMatchObject({ code: 'audience_mismatch' });
  }
  await expect(local().read(through(encode({ ...user, aud: ['account', audience] })))).resolves.toBeDefined();
  const trusting = createGatewayReader({ issuer, dangerouslyIgnoreAudience: true, proof: { kind: 'loopback' } });
  await expect(trusting.read(through(encode({ sub: 'u-1' })))).resolves.toMatchObject({ subject: 'u-1' });
});

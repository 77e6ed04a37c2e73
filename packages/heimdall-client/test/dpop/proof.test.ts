import { expect, test } from 'vitest';
import { normalizeDpop } from '../../src/dpop/options.ts';
import { createProofVerifier } from '../../src/dpop/proof.ts';
import { ath, createHolder, request } from '../support/holder.ts';
import { createClock, start } from '../support/issuer.ts';

const token = 'the-token';
const holder = await createHolder();
const stranger = await createHolder();

function setup(options: object = {}) {
  const clock = createClock();
  const verifier = createProofVerifier(normalizeDpop(options), { clockToleranceSeconds: 5, now: clock.now });
  const check = (proof: string, change: object = {}) =>
    verifier.verify({ ...request, ...change, proof }, { token, thumbprint: holder.thumbprint });
  return { clock, check };
}

const good = { ath: ath(token) };

test('a proof for this request, this token and this key is good, once', async () => {
  const { check, clock } = setup();
  const proof = await holder.prove(good);
  await check(proof);
  await expect(check(proof)).rejects.toMatchObject({
    code: 'proof_invalid',
    message: expect.stringMatching(/used before/),
  });
  clock.pass(64);
  await expect(check(proof)).rejects.toMatchObject({ message: expect.stringMatching(/used before/) });
});

test('the same proof twice at once is good once', async () => {
  const { check } = setup();
  const proof = await holder.prove(good);
  const outcomes = await Promise.allSettled([check(proof), check(proof), check(proof)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('query and fragment do not count, default ports and case of the host neither', async () => {
  const { check } = setup();
  await check(await holder.prove({ ...good, htu: 'HTTPS://ODIN.example:443/mcp' }), { url: `${request.url}?a=1#b` });
});

test.each<[string, Record<string, unknown>]>([
  ['htm', { htm: 'GET' }],
  ['htm', { htm: 'post' }],
  ['htu', { htu: 'https://odin.example/other' }],
  ['htu', { htu: 'https://evil.example/mcp' }],
  ['htu', { htu: 'http://odin.example/mcp' }],
  ['htu', { htu: 'nonsense' }],
  ['htu', { htu: undefined }],
  ['iat', { iat: start - 66 }],
  ['iat', { iat: start + 6 }],
  ['iat', { iat: undefined }],
  ['jti', { jti: '' }],
  ['jti', { jti: 'x'.repeat(257) }],
  ['ath', { ath: ath('other-token') }],
  ['ath', { ath: undefined }],
])('refuses a wrong %s: %j', async (name, claims) => {
  await expect(setup().check(await holder.prove({ ...good, ...claims }))).rejects.toMatchObject({
    ...{ code: 'proof_invalid', status: 401, message: expect.stringContaining(`"${name}"`) },
  });
});

test.each<[string, Record<string, unknown>]>([
  ['another type', { typ: 'JWT' }],
  ['no key', { jwk: undefined }],
  ['a private key', { jwk: holder.privateJwk }],
  ['a shared secret', { jwk: { kty: 'oct', k: 'AAAA' } }],
  ["another's public key", { jwk: stranger.jwk }],
])('refuses %s', async (_name, header) => {
  await expect(setup().check(await holder.prove(good, header))).rejects.toMatchObject({ code: 'proof_invalid' });
});

test('refuses the proof of another key, a changed one, garbage, and an algorithm that is not on the list', async () => {
  const { check } = setup();
  const proof = await holder.prove(good);
  const forged = [holder, stranger].map(({ prove }) => prove(good, { jwk: holder.jwk }));
  await expect(check(await stranger.prove(good))).rejects.toMatchObject({
    message: expect.stringMatching(/another key/),
  });
  await expect(check((await forged[1]) ?? '')).rejects.toMatchObject({
    message: expect.stringMatching(/not signed with its key/),
  });
  await expect(check(`${proof.slice(0, -6)}AAAAAA`)).rejects.toMatchObject({ code: 'proof_invalid' });
  for (const garbage of ['', 'x', 'a.b.c', `${proof},${proof}`, 'x'.repeat(9_000)]) {
    await expect(check(garbage)).rejects.toMatchObject({ code: 'proof_invalid' });
  }
  await expect(setup({ algorithms: ['RS256'] }).check(proof)).rejects.toMatchObject({
    message: expect.stringMatching(/"alg"/),
  });
  await check(proof);
});

test('what is not signed by the holder fills no memory', async () => {
  const { check } = setup({ maxProofs: 1 });
  for (let n = 0; n < 3; n += 1) await check(await stranger.prove(good)).catch(() => undefined);
  await check(await holder.prove(good));
  await expect(check(await holder.prove(good))).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});

test('a demanded nonce is given with the error, and a proof that repeats it is good', async () => {
  const { check, clock } = setup({ nonce: { keys: ['n'.repeat(43)] } });
  const nonceOf = async (claims: object): Promise<string> => {
    const error = await check(await holder.prove({ ...good, ...claims })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'proof_nonce', status: 401, nonce: expect.any(String) });
    return (error as { nonce: string }).nonce;
  };
  const nonce = await nonceOf({});
  await check(await holder.prove({ ...good, nonce }));
  await nonceOf({ nonce: 'made-up' });
  clock.pass(306);
  await nonceOf({ nonce, iat: start + 306 });
});

test('replicas that share a memory take a proof once, and keep nothing of it there', async () => {
  const shared = new Map<string, number>();
  const asked: string[] = [];
  const remember = async (id: string, ttlMs: number): Promise<boolean> => {
    asked.push(id);
    await Promise.resolve();
    return !shared.has(id) && shared.set(id, ttlMs) !== undefined;
  };
  const [here, there] = [setup({ replays: { remember } }), setup({ replays: { remember } })];
  const proof = await holder.prove({ ...good, jti: 'the-id' });
  await here.check(proof);
  await expect(there.check(proof)).rejects.toMatchObject({
    ...{ code: 'proof_invalid', message: expect.stringMatching(/used before/) },
  });
  expect(asked).toHaveLength(2);
  for (const { check } of [here, there]) await expect(check(proof)).rejects.toMatchObject({ code: 'proof_invalid' });
  expect(asked).toHaveLength(2);
  // A minute, the tolerance on both sides of it, and two clocks that are apart by it.
  expect([...shared]).toEqual([[expect.stringMatching(/^[\w-]{43}$/), 80_000]]);
  await there.check(await holder.prove(good));
});

test('an id counts for one key and one URL', async () => {
  const shared = new Set<string>();
  const { check } = setup({ replays: { remember: (id: string) => !shared.has(id) && shared.add(id) !== undefined } });
  await check(await holder.prove({ ...good, jti: 'same' }));
  const elsewhere = { url: 'https://odin.example/other' };
  await check(await holder.prove({ ...good, jti: 'same', htu: elsewhere.url }), elsewhere);
  await expect(check(await holder.prove({ ...good, jti: 'same' }))).rejects.toMatchObject({ code: 'proof_invalid' });
});

test('while the shared memory cannot tell, no proof is accepted', async () => {
  const away = new Error('away');
  const failing = [
    () => Promise.reject(away),
    () => {
      throw away;
    },
  ].map((remember) => setup({ replays: { remember } }));
  for (const { check } of failing) {
    await expect(check(await holder.prove(good))).rejects.toMatchObject({
      ...{ code: 'unavailable', status: 503, retryAfterSeconds: 1, cause: away },
    });
  }
  const mute = setup({ replays: { remember: () => undefined } });
  await expect(mute.check(await holder.prove(good))).rejects.toMatchObject({ code: 'proof_invalid' });
});

test('what is not signed by the holder does not reach the shared memory', async () => {
  const asked: string[] = [];
  const { check } = setup({ replays: { remember: (id: string) => asked.push(id) > 0 } });
  await check(await stranger.prove(good)).catch(() => undefined);
  await check(await holder.prove({ ...good, ath: ath('other') })).catch(() => undefined);
  expect(asked).toHaveLength(0);
  await check(await holder.prove(good));
  expect(asked).toHaveLength(1);
});

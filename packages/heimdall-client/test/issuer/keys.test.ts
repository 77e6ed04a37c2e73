import type { JSONWebKeySet } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { HeimdallError } from '../../src/errors.ts';
import { createKeySource } from '../../src/issuer/keys.ts';
import { createClock, createKey, type SigningKey } from '../support/issuer.ts';

let one: SigningKey;
let two: SigningKey;

beforeAll(async () => {
  [one, two] = await Promise.all([createKey('one'), createKey('two')]);
});

function setup() {
  const clock = createClock();
  const state = { keys: [one], down: false, loads: 0 };
  const source = createKeySource(async () => {
    state.loads += 1;
    if (state.down) throw new HeimdallError('unavailable', 'away');
    return { keys: state.keys.map((key) => key.jwk) } as JSONWebKeySet;
  }, clock.now);
  return { clock, state, source };
}

const header = (kid: string) => ({ alg: 'ES256', kid });
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('loads once for many tokens', async () => {
  const { source, state } = setup();
  const keys = await Promise.all(Array.from({ length: 50 }, () => source.find(header('one'))));
  expect(keys[0]).toMatchObject({ type: 'public' });
  expect(state.loads).toBe(1);
});

test('a new key is found, though unknown ids cannot make it load without end', async () => {
  const { source, state, clock } = setup();
  await source.find(header('one'));
  state.keys = [one, two];
  await expect(source.find(header('two'))).rejects.toMatchObject({ code: 'token_invalid' });
  expect(state.loads).toBe(1);
  clock.pass(10);
  await expect(source.find(header('two'))).resolves.toMatchObject({ type: 'public' });
  const unknown = Array.from({ length: 200 }, (_, n) => source.find(header(`x${n}`)));
  expect((await Promise.allSettled(unknown)).every((outcome) => outcome.status === 'rejected')).toBe(true);
  expect(state.loads).toBe(2);
});

test('a key that was withdrawn is not found any more after the refresh', async () => {
  const { source, state, clock } = setup();
  await source.find(header('one'));
  state.keys = [two];
  clock.pass(600);
  await source.find(header('one'));
  await settled();
  await expect(source.find(header('one'))).rejects.toMatchObject({ code: 'token_invalid' });
});

test('refreshes in the background: the caller gets the known key at once', async () => {
  const { source, state, clock } = setup();
  await source.find(header('one'));
  clock.pass(600);
  await source.find(header('one'));
  await settled();
  expect(state.loads).toBe(2);
  await source.find(header('one'));
  expect(state.loads).toBe(2);
});

test('goes on with the known keys while the issuer is away, for a day', async () => {
  const { source, state, clock } = setup();
  await source.find(header('one'));
  state.down = true;
  clock.pass(86_399);
  await expect(source.find(header('one'))).resolves.toBeDefined();
  clock.pass(1);
  await expect(source.find(header('one'))).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});

test('an unknown key while the issuer is away is not called invalid', async () => {
  const { source, state, clock } = setup();
  await source.find(header('one'));
  state.down = true;
  clock.pass(60);
  await expect(source.find(header('two'))).rejects.toMatchObject({ code: 'unavailable' });
});

test('gives an issuer that is away time to recover: 1, 2, 4 … 30 s', async () => {
  const { source, state, clock } = setup();
  state.down = true;
  const waits: (number | undefined)[] = [];
  for (let attempt = 1; attempt <= 7; attempt += 1) {
    const error = await source.find(header('one')).catch((thrown: HeimdallError) => thrown);
    expect(error).toMatchObject({ code: 'unavailable' });
    const wait = (error as HeimdallError).retryAfterSeconds ?? 0;
    waits.push(wait);
    clock.pass(wait - 0.5);
    await expect(source.find(header('one'))).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    expect(state.loads).toBe(attempt);
    clock.pass(0.5);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  state.down = false;
  await expect(source.find(header('one'))).resolves.toBeDefined();
  expect(source.stats()).toEqual({ fetches: 8, failures: 7, fetchedAt: clock.now() });
});

test('a set that is not a key set, or holds private or short keys, is the fault of the issuer', async () => {
  const clock = createClock();
  const find = (keys: unknown) =>
    createKeySource(async () => keys as JSONWebKeySet, clock.now).find({ alg: 'ES256', kid: 'one' });
  await expect(find({ keys: 'none' })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(find({ keys: [{ ...one.jwk, d: one.jwk.x }] })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(find({ keys: [{ ...one.jwk, x: 'AA' }] })).rejects.toMatchObject({ code: 'unavailable' });
});

test('a token must say which of several keys signed it', async () => {
  const { source, state } = setup();
  state.keys = [one, two];
  await expect(source.find({ alg: 'ES256' })).rejects.toMatchObject({ code: 'token_invalid' });
  state.keys = [one];
  await expect(setup().source.find({ alg: 'ES256' })).resolves.toBeDefined();
});

test('a key is used for its own algorithm only', async () => {
  const { source } = setup();
  await expect(source.find({ alg: 'RS256', kid: 'one' })).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(source.find({ alg: 'HS256', kid: 'one' })).rejects.toBeDefined();
});

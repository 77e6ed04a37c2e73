import { expect, test } from 'vitest';
import { HeimdallError } from '../../src/errors.ts';
import { createKeySource, type KeySource } from '../../src/issuer/keys.ts';
import { verifySignature } from '../../src/issuer/signature.ts';
import { createClock, createKey } from '../support/issuer.ts';

async function setup() {
  const key = await createKey('one');
  const keys = createKeySource(async () => ({ keys: [key.jwk] }) as never, createClock().now);
  return { key, keys, token: await key.sign({ sub: 'u-1' }) };
}

test('gives back what is covered', async () => {
  const { keys, token } = await setup();
  const { header, payload } = await verifySignature(token, ['ES256'], keys);
  expect(header).toEqual({ alg: 'ES256', kid: 'one', typ: 'at+jwt' });
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ sub: 'u-1' });
});

test('refuses a changed signature and an algorithm off the list', async () => {
  const { keys, token } = await setup();
  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  await expect(verifySignature(forged, ['ES256'], keys)).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(verifySignature(token, ['RS256'], keys)).rejects.toMatchObject({ code: 'token_invalid' });
});

test('passes on that the keys cannot be had', async () => {
  const { token } = await setup();
  const error = new HeimdallError('unavailable', 'away');
  const keys = { find: () => Promise.reject(error) } as unknown as KeySource;
  await expect(verifySignature(token, ['ES256'], keys)).rejects.toBe(error);
});

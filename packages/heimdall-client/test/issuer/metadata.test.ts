import { expect, test } from 'vitest';
import { HeimdallError } from '../../src/errors.ts';
import { createMetadataSource } from '../../src/issuer/metadata.ts';
import { createClock, issuer } from '../support/issuer.ts';

function setup(metadata: Record<string, unknown> = { jwks_uri: `${issuer}/certs`, introspection_endpoint: 7 }) {
  const clock = createClock();
  const state = { reads: 0, down: false };
  const read = async () => {
    state.reads += 1;
    if (state.down) throw new HeimdallError('unavailable', 'away');
    return { issuer, ...metadata };
  };
  return { clock, state, source: createMetadataSource({ issuer, read, now: clock.now, allowHttp: false }) };
}

test('reads once for many questions, and again after ten minutes', async () => {
  const { source, state, clock } = setup();
  const urls = await Promise.all([source.urlOf('jwks_uri'), source.urlOf('jwks_uri')]);
  expect(urls).toEqual([`${issuer}/certs`, `${issuer}/certs`]);
  expect(state.reads).toBe(1);
  clock.pass(600);
  await source.urlOf('jwks_uri');
  expect(state.reads).toBe(2);
});

test('a failure is not remembered', async () => {
  const { source, state } = setup();
  state.down = true;
  await expect(source.urlOf('jwks_uri')).rejects.toMatchObject({ code: 'unavailable' });
  state.down = false;
  await expect(source.urlOf('jwks_uri')).resolves.toBe(`${issuer}/certs`);
});

test.each([undefined, 7, 'certs', 'http://heimdall.example/certs'])('takes no URL like %j', async (url) => {
  const { source } = setup({ jwks_uri: url });
  await expect(source.urlOf('jwks_uri')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('"jwks_uri"'),
  });
});

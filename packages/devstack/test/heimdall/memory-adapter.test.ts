import { expect, test } from 'vitest';
import { createMemoryAdapter } from '../../src/heimdall/memory-adapter.ts';

function setup() {
  let time = 1_000_000;
  const adapterOf = createMemoryAdapter(() => time);
  return { adapterOf, pass: (seconds: number) => (time += seconds * 1000) };
}

test('keeps a record until it expires; without an expiry for good', async () => {
  const { adapterOf, pass } = setup();
  const codes = adapterOf('AuthorizationCode');
  await codes.upsert('short', { uid: 'a' }, 60);
  await codes.upsert('long', { uid: 'b' });
  pass(59.9);
  expect(await codes.find('short')).toEqual({ uid: 'a' });
  pass(0.1);
  expect(await codes.find('short')).toBeUndefined();
  expect(await codes.findByUid('a')).toBeUndefined();
  pass(1e6);
  expect(await codes.findByUid('b')).toEqual({ uid: 'b' });
});

test('kinds are apart, adapters of one kind are one', async () => {
  const { adapterOf } = setup();
  await adapterOf('Client').upsert('id', { client_id: 'id' });
  expect(await adapterOf('Session').find('id')).toBeUndefined();
  expect(await adapterOf('Client').find('id')).toEqual({ client_id: 'id' });
});

test('two issuers share nothing', async () => {
  await setup().adapterOf('Client').upsert('id', {});
  expect(await setup().adapterOf('Client').find('id')).toBeUndefined();
});

test('marks what was used, destroys, and revokes by grant', async () => {
  const { adapterOf } = setup();
  const tokens = adapterOf('RefreshToken');
  await tokens.upsert('one', { grantId: 'g' });
  await tokens.upsert('two', { grantId: 'g' });
  await tokens.upsert('three', { grantId: 'h', userCode: 'CODE' });
  await tokens.consume('one');
  expect(await tokens.find('one')).toEqual({ grantId: 'g', consumed: 1_000 });
  await tokens.revokeByGrantId('g');
  expect(await tokens.find('two')).toBeUndefined();
  expect(await tokens.findByUserCode('CODE')).toMatchObject({ grantId: 'h' });
  await tokens.destroy('three');
  expect(await tokens.find('three')).toBeUndefined();
  await tokens.consume('three');
});

test('is bounded: the oldest record of the same kind goes', async () => {
  const { adapterOf } = setup();
  const clients = adapterOf('Client');
  await adapterOf('Session').upsert('other', {});
  for (let n = 0; n <= 1_000; n += 1) await clients.upsert(String(n), {});
  expect(await clients.find('0')).toBeUndefined();
  expect(await clients.find('1')).toEqual({});
  expect(await clients.find('1000')).toEqual({});
  expect(await adapterOf('Session').find('other')).toEqual({});
});

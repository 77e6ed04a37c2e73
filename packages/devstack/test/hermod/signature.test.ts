import { randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createRequestSigner } from '../../src/hermod/signature.ts';
import { createFakeClock } from './fake-clock.ts';

test('signs iss and exp, one token for each second', async () => {
  const secret = randomBytes(32);
  const clock = createFakeClock();
  const sign = createRequestSigner(`base64:${secret.toString('base64')}`, 'asgard', clock);
  const [one, same] = [await sign(), await sign()];
  clock.advance(1000);
  const next = await sign();
  expect(same).toBe(one);
  expect(next).not.toBe(one);
  const { payload } = await jwtVerify(one, secret, { algorithms: ['HS256'], currentDate: new Date(clock.now()) });
  expect(payload).toEqual({ iss: 'asgard', exp: clock.now() / 1000 - 1 + 3600 });
});

test('refuses a key that is too short, and never says it', () => {
  const attempt = () => createRequestSigner('changeme', 'asgard', createFakeClock());
  expect(attempt).toThrow(expect.objectContaining({ code: 'bad_option' }));
  expect(attempt).not.toThrow(/changeme/);
});

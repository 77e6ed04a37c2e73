import { expect, test } from 'vitest';
import { normalizeOptions } from '../../src/options.ts';
import { parsePrincipal } from '../../src/principal.ts';
import { createRevocationDesk } from '../../src/revocation/desk.ts';
import { createMemoryRevocationBus, type Revocation, type RevocationBus } from '../../src/revocation/revocation.ts';
import { accessClaims, audience, createClock, issuer, start } from '../support/issuer.ts';

const setup = (bus?: RevocationBus) =>
  createRevocationDesk(
    normalizeOptions({ issuer, audience, now: createClock().now, ...(bus && { revocations: { bus } }) }),
  );
const principal = parsePrincipal(accessClaims());

test('fills in issuer and time', async () => {
  const desk = setup();
  const heard: Revocation[] = [];
  const stop = desk.onRevocation((revocation) => heard.push(revocation));
  await desk.revoke({ subject: 'u-1' });
  stop();
  await desk.revoke({ subject: 'u-2' });
  expect(heard).toEqual([{ issuer, subject: 'u-1', issuedBefore: start + 5 }]);
  expect(desk.isRevoked(principal)).toBe(true);
});

test('does not know other issuers', async () => {
  await expect(setup().revoke({ issuer: 'https://other.example' })).rejects.toMatchObject({ code: 'bad_revocation' });
});

test('hears the bus until it leaves; revocations of other issuers are not its own', async () => {
  const bus = createMemoryRevocationBus();
  const desk = setup(bus);
  await bus.publish({ issuer: 'https://other.example', issuedBefore: start });
  expect(desk.revocations.size).toBe(0);
  await bus.publish({ issuer, subject: 'u-1', issuedBefore: start });
  expect(desk.isRevoked(principal)).toBe(true);
  desk.close();
  await bus.publish({ issuer, subject: 'u-2', issuedBefore: start });
  expect(desk.revocations.size).toBe(1);
});

test('a bus that fails is told about, and the tokens are void here nevertheless', async () => {
  const publish = async () => {
    throw new Error('disconnected');
  };
  const desk = setup({ publish, subscribe: () => () => undefined });
  await expect(desk.revoke({ subject: 'u-1' })).rejects.toThrow('disconnected');
  expect(desk.isRevoked(principal)).toBe(true);
});

test.each(['sessionId', 'subject', 'clientId'])('%s without a value signs nobody out', async (name) => {
  const desk = setup();
  for (const id of [undefined, '', null, 7]) {
    const revocation = { subject: 'u-1', [name]: id } as never;
    await expect(desk.revoke(revocation), String(id)).rejects.toMatchObject({ code: 'bad_revocation' });
  }
  expect(desk.revocations.size).toBe(0);
});

test('a time without a value is now, and no time is refused', async () => {
  const desk = setup();
  await expect(desk.revoke({ subject: 'u-1', issuedBefore: Number.NaN })).rejects.toMatchObject({
    code: 'bad_revocation',
  });
  expect(desk.isRevoked(principal)).toBe(false);
  await desk.revoke({ subject: 'u-1', issuedBefore: undefined } as never);
  expect(desk.isRevoked(principal)).toBe(true);
});

test('a token of an issuer whose clock is ahead is void, one that is issued later is not', async () => {
  const desk = setup();
  await desk.revoke({ subject: 'u-1' });
  expect(desk.isRevoked(parsePrincipal(accessClaims({ iat: start + 5 })))).toBe(true);
  expect(desk.isRevoked(parsePrincipal(accessClaims({ iat: start + 6 })))).toBe(false);
});

test('a gap in what the bus knows makes all older tokens of its issuers void', () => {
  const told: ((issuedBefore: number) => void)[] = [];
  const desk = setup({
    publish: async () => {},
    subscribe: (_listener, onGap) => {
      if (onGap) told.push(onGap);
      return () => {};
    },
  });
  for (const onGap of told) onGap(start + 1);
  expect(desk.isRevoked(principal)).toBe(true);
  expect(desk.isRevoked(parsePrincipal(accessClaims({ iat: start + 2 })))).toBe(false);
});

import { expect, test } from 'vitest';
import {
  createMemoryRevocationBus,
  formatRevocation,
  parseRevocation,
  type Revocation,
} from '../../src/revocation/revocation.ts';
import { issuer, start } from '../support/issuer.ts';

const whole: Revocation = { issuer, sessionId: 's', subject: 'u', clientId: 'c', issuedBefore: start + 0.5 };

test.each<Revocation>([whole, { issuer, issuedBefore: start }, { issuer, subject: '"', issuedBefore: 0 }])(
  'reads what it wrote: %j',
  (revocation) => {
    expect(parseRevocation(formatRevocation(revocation))).toEqual(revocation);
  },
);

test.each([
  '',
  'null',
  '[]',
  '{}',
  JSON.stringify({ issuer }),
  JSON.stringify({ issuedBefore: 1 }),
  JSON.stringify({ issuer, issuedBefore: '1' }),
  JSON.stringify({ issuer, issuedBefore: 1, subject: 7 }),
  JSON.stringify({ issuer, issuedBefore: 1, sessionId: null }),
  JSON.stringify({ issuer, issuedBefore: 1, clientId: '' }),
])('refuses %s: an id that cannot be read would widen it to everybody', (text) => {
  expect(() => parseRevocation(text)).toThrow(expect.objectContaining({ code: 'bad_revocation' }));
});

test('the bus in memory reaches all who listen, until they stop', async () => {
  const bus = createMemoryRevocationBus();
  const heard: string[] = [];
  const listener = ({ subject }: Revocation) => heard.push(subject ?? '');
  const stops = [bus.subscribe(listener), bus.subscribe(listener)];
  await bus.publish({ ...whole, subject: 'a' });
  stops[0]?.();
  await bus.publish({ ...whole, subject: 'b' });
  stops[1]?.();
  await bus.publish({ ...whole, subject: 'c' });
  expect(heard).toEqual(['a', 'a', 'b']);
});

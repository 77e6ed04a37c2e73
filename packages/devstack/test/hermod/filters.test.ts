import { GripError, type PublishItem } from '@asgard/grip';
import { expect, test } from 'vitest';
import { applyFilters, hasContentFilters, type Subscriber } from '../../src/hermod/filters.ts';

const item = (meta?: Record<string, string>): PublishItem => ({
  channel: 'c',
  format: { kind: 'http-stream', content: '' },
  ...(meta ? { meta } : {}),
});
const subscriber = (filters: string[], meta: Record<string, string> = {}, channels: string[] = ['c']): Subscriber => ({
  filters,
  meta,
  channels: new Set(channels),
});
const apply = (content: string, published: PublishItem, to: Subscriber): string | undefined => {
  const bytes = applyFilters(published, Buffer.from(content), to);
  return bytes && Buffer.from(bytes).toString();
};

test('var-subst fills slots with text of any language, and keeps bytes that are not text', () => {
  expect(apply('%(sub)s – 5%%', item(), subscriber(['var-subst'], { sub: '"ä"' }))).toBe('"ä" – 5%');
  const bytes = Uint8Array.of(0xff, 0x25, 0x25, 0xfe);
  expect(applyFilters(item(), bytes, subscriber(['var-subst']))).toEqual(Buffer.from([0xff, 0x25, 0xfe]));
});

test.each(['%', '%x', '100% ', '%(sub', '%(other)s', '%(sub)d'])('var-subst cannot read %j', (content) => {
  expect(() => apply(content, item(), subscriber(['var-subst'], { sub: '1' }))).toThrow(GripError);
});

test('without var-subst a percent sign is only a percent sign', () => {
  expect(apply('100%', item(), subscriber([]))).toBe('100%');
});

test('skip-self leaves the sender out', () => {
  const to = subscriber(['skip-self'], { user: 'me' });
  expect(apply('x', item({ sender: 'me' }), to)).toBeUndefined();
  expect(apply('x', item({ sender: 'you' }), to)).toBe('x');
  expect(apply('x', item({ sender: 'me' }), subscriber(['skip-self']))).toBe('x');
});

test('skip-users leaves a list out', () => {
  const published = item({ skip_users: 'a, me ,b' });
  expect(apply('x', published, subscriber(['skip-users'], { user: 'me' }))).toBeUndefined();
  expect(apply('x', published, subscriber(['skip-users'], { user: 'm' }))).toBe('x');
});

test('require-sub wants another channel held', () => {
  const published = item({ require_sub: 'other' });
  expect(apply('x', published, subscriber(['require-sub']))).toBeUndefined();
  expect(apply('x', published, subscriber(['require-sub'], {}, ['c', 'other']))).toBe('x');
});

test('an unknown filter does nothing, as in Pushpin', () => {
  expect(apply('x', item(), subscriber(['no-such-filter']))).toBe('x');
});

test('content-filters must be those of the subscriber', () => {
  const wants = { ...item(), contentFilters: ['var-subst'] };
  expect(hasContentFilters(wants, ['skip-self', 'var-subst'])).toBe(true);
  expect(hasContentFilters(wants, ['skip-self'])).toBe(false);
  expect(hasContentFilters(item(), [])).toBe(true);
});

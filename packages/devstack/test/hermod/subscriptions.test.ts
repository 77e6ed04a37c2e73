import type { PublishItem } from '@asgard/grip';
import { expect, test } from 'vitest';
import type { Channels } from '../../src/hermod/channels.ts';
import { createSubscriptions } from '../../src/hermod/subscriptions.ts';

function setup() {
  const moves: string[] = [];
  const channels = {
    join: (channel: string) => moves.push(`+${channel}`),
    leave: (channel: string) => moves.push(`-${channel}`),
  } as unknown as Channels;
  const subscriptions = createSubscriptions(channels, 'stream', { deliver: () => undefined, check: () => undefined });
  const item = (id: string | undefined, prevId?: string): PublishItem => ({
    channel: 'c',
    ...(id === undefined ? {} : { id }),
    ...(prevId === undefined ? {} : { prevId }),
    format: { kind: 'http-stream', content: '' },
  });
  return { moves, subscriptions, item };
}

test('joins what is new and leaves what is gone', () => {
  const { moves, subscriptions } = setup();
  subscriptions.replace([{ name: 'a' }, { name: 'b' }]);
  subscriptions.replace([{ name: 'b', filters: ['var-subst'] }, { name: 'c' }]);
  expect(moves).toEqual(['+a', '+b', '-a', '+c']);
  expect(subscriptions.get('b')?.filters).toEqual(['var-subst']);
  subscriptions.clear();
  expect(moves.slice(4)).toEqual(['-b', '-c']);
});

test('leaves out what is beyond twenty', () => {
  const { subscriptions } = setup();
  const names = Array.from({ length: 22 }, (_, index) => ({ name: `c${index}` }));
  expect(subscriptions.replace(names)).toEqual(['c20', 'c21']);
  expect(subscriptions.names().size).toBe(20);
});

test('follows the chain of ids until an item has none', () => {
  const { subscriptions, item } = setup();
  subscriptions.replace([{ name: 'c', prevId: '1' }]);
  expect([subscriptions.follows(item('2', '1')), subscriptions.follows(item('3', '2'))]).toEqual([true, false]);
  subscriptions.advance(item('2', '1'));
  expect(subscriptions.last()).toEqual([{ channel: 'c', lastId: '2' }]);
  subscriptions.advance(item(undefined, '2'));
  expect(subscriptions.last()).toEqual([]);
  expect(subscriptions.follows(item('9', '8'))).toBe(true);
});

test('a channel without prev-id takes anything and stays without', () => {
  const { subscriptions, item } = setup();
  subscriptions.replace([{ name: 'c' }]);
  subscriptions.advance(item('5', '4'));
  expect([subscriptions.follows(item('9')), subscriptions.last()]).toEqual([true, []]);
});

import { expect, test } from 'vitest';
import { Chain, type Chained } from '../src/chain.ts';

class Member implements Chained<Member> {
  before: Member | undefined;
  after: Member | undefined;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function createChain() {
  const chain = new Chain<Member>();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Member(name)) as [Member, Member, Member];
  for (const member of [a, b, c]) chain.join(member);
  return { chain, a, b, c, names: () => chain.list().map(({ name }) => name) };
}

test('lists those who are there, in the order in which they came', () => {
  const { chain, a, b, c, names } = createChain();
  expect(names()).toEqual(['a', 'b', 'c']);
  chain.leave(b);
  expect(names()).toEqual(['a', 'c']);
  chain.leave(c);
  chain.join(b);
  expect(names()).toEqual(['a', 'b']);
  chain.leave(a);
  chain.leave(b);
  expect(names()).toEqual([]);
});

test('to leave twice, or without having come, disturbs nobody; who is gone knows nobody', () => {
  const { chain, b, names } = createChain();
  chain.leave(b);
  chain.leave(b);
  chain.leave(new Member('stranger'));
  expect(names()).toEqual(['a', 'c']);
  expect([b.before, b.after]).toEqual([undefined, undefined]);
});

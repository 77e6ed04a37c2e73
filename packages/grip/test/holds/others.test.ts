import { expect, it } from 'vitest';
import { createHolds, createInMemoryPublisher, type LeaseSealer, renderVarSubst } from '../../src/index.ts';

let sealed = 0;
const sealer: LeaseSealer = { seal: () => `sealed${sealed++}`, unseal: () => undefined };

function createPair() {
  const publisher = createInMemoryPublisher();
  const recovery = { url: '/next', sealer, explain: () => '' };
  const [first, second] = ['r1', 'r2'].map((replica) => createHolds({ publisher, replica, recovery }));
  if (!first || !second) throw new Error('two');
  return { publisher, first, second };
}

it('knows the starts of other replicas that a proxy holds streams for, and not its own', () => {
  const { publisher, first, second } = createPair();
  const hold = first.open();
  for (const { name } of hold.instruction.channels) publisher.subscribe(name);
  expect(second.others()).toEqual([first.owner]);
  expect(first.others()).toEqual([]);
  expect(first.owner).toMatch(/^r1\.[0-9a-f]{12}$/);
  for (const { name } of hold.instruction.channels) publisher.unsubscribe(name);
  expect(second.others()).toEqual([]);
});

it('ends all streams of another replica with one item, in which the proxy puts the name of each', async () => {
  const { publisher, first, second } = createPair();
  const hold = first.open({ name: '"call-1"', meta: { sub: 'x' } });
  const boot = hold.instruction.channels[1];
  expect(boot?.filters).toEqual(['var-subst']);
  await second.bury(first.owner, { head: '{"id":', tail: ',"why":"100 %"}' });
  const [block, close] = publisher.published;
  expect([block?.channel, close?.channel]).toEqual([boot?.name, boot?.name]);
  expect(close?.format).toEqual({ kind: 'http-stream', action: 'close' });
  const content = block?.format.kind === 'http-stream' && 'content' in block.format ? String(block.format.content) : '';
  expect(renderVarSubst(content, hold.instruction.meta ?? {})).toBe('{"id":"call-1","why":"100 %"}');
});

it('has the proxy ask the links of streams without a name, which no block could be for', async () => {
  const { publisher, first, second } = createPair();
  const [named, unnamed] = [first.open({ name: '1' }), first.open()].map(({ instruction }) => instruction.channels[1]);
  expect(unnamed?.name).not.toBe(named?.name);
  for (const channel of [named, unnamed]) publisher.subscribe(channel?.name ?? '');
  await second.bury(first.owner, { head: '', tail: '' });
  const onUnnamed = publisher.published.filter(({ channel }) => channel === unnamed?.name);
  expect(onUnnamed.map(({ format }) => format)).toEqual([{ kind: 'http-stream', action: 'hint' }]);
  publisher.unsubscribe(named?.name ?? '');
  expect(second.others()).toEqual([first.owner]);
  publisher.unsubscribe(unnamed?.name ?? '');
  expect(second.others()).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { Instructions } from '../../src/holds/instructions.ts';
import { normalizeHoldsOptions } from '../../src/holds/options.ts';
import { createInMemoryPublisher } from '../../src/index.ts';
import { createLeaseSealer } from '../../src/node/index.ts';

const publisher = createInMemoryPublisher();
const recovery = {
  url: '/next',
  sealer: createLeaseSealer({ keys: ['a key for leases that is long enough'] }),
  explain: () => '',
};

describe('Instructions', () => {
  it('gives forty holds one link, and the next forty another', () => {
    const instructions = new Instructions(normalizeHoldsOptions({ publisher, replica: 'r1', recovery }));
    const links = Array.from({ length: 81 }, () => instructions.make(1_000, {}).instruction.next?.uri);
    expect(new Set(links.slice(0, 40))).toEqual(new Set(['/next/r1.0']));
    expect(new Set(links.slice(40, 80))).toEqual(new Set(['/next/r1.1']));
    expect(links[80]).toBe('/next/r1.2');
  });

  it('has neither numbers nor a link without recovery', () => {
    const instructions = new Instructions(normalizeHoldsOptions({ publisher, replica: 'r1', keepAlive: false }));
    const { channel, instruction } = instructions.make(1_000, { channels: [{ name: 'news' }], meta: { id: '7' } });
    expect(instruction).toEqual({ mode: 'stream', channels: [{ name: channel }, { name: 'news' }], meta: { id: '7' } });
  });

  it('refuses more channels than the proxy would keep', () => {
    const instructions = new Instructions(normalizeHoldsOptions({ publisher, replica: 'r1' }));
    const channels = Array.from({ length: 20 }, (_, at) => ({ name: `topic-${at}` }));
    expect(() => instructions.make(1_000, { channels })).toThrow(
      expect.objectContaining({ code: 'too_many_channels' }),
    );
  });
});

import { expect, test } from 'vitest';
import { describeFlags, formatKeptFlags, mergeFlags, parseKeptFlags } from '../../src/infra/kept-flags.ts';

const all = { port: 8001, edge: 'bifrost', server: 'host', profile: 'inspector', engine: 'podman' };

test('what is written is read', () => {
  expect(parseKeptFlags(formatKeptFlags(all))).toEqual(all);
  expect(parseKeptFlags(formatKeptFlags({}))).toEqual({});
});

test.each([undefined, '', '{', 'null', '[]', '{"flags":null}', '{"flags":{"port":"8001","edge":1}}'])(
  'what is not understood is left out: %s',
  (text) => {
    expect(parseKeptFlags(text)).toEqual({});
  },
);

test('those that are given count', () => {
  expect(mergeFlags(all, { port: undefined, edge: 'hermod', profile: 'none' })).toEqual({
    ...all,
    edge: 'hermod',
    profile: 'none',
  });
  expect(describeFlags({ port: 8001, server: 'host' })).toBe('--port 8001 --server host');
});

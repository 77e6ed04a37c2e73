import { expect, test } from 'vitest';
import { whereToLook } from '../../src/doctor/where-to-look.ts';

test.each([
  [{ kind: 'dev', serverUrl: 'http://127.0.0.1:1' }, 'the terminal of asgard dev'],
  [{ kind: 'url' }, 'the log of that server'],
  [{ kind: 'infra' }, 'asgard infra logs odin'],
  [{ kind: 'infra', serverUrl: 'http://127.0.0.1:8080' }, 'asgard infra env --show-secrets'],
] as const)('%j', (chain, where) => {
  expect(whereToLook(chain)).toContain(where);
});

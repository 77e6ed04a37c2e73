import { expect, test } from 'vitest';
import { normalizeClaimNames, standardClaimNames } from '../src/claim-names.ts';

test('fills in the defaults', () => {
  expect(normalizeClaimNames()).toEqual(standardClaimNames);
  expect(normalizeClaimNames({ roles: ['roles'] })).toEqual({ ...standardClaimNames, roles: ['roles'] });
});

test.each<[string, object]>([
  ['claimNames.scopes', { scopes: 'scp' }],
  ['claimNames.scopes', { scopes: [''] }],
  ['claimNames.roles', { roles: [7] }],
  ['claimNames.organizations', { organizations: '' }],
])('refuses a bad %s: %j', (name, names) => {
  expect(() => normalizeClaimNames(names)).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});

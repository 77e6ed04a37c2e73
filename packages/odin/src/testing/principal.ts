import type { Principal } from '@asgard/heimdall-client';

/** A caller for tests, with no rights but those given. */
export function testPrincipal(principal: Partial<Principal> = {}): Principal {
  return Object.freeze({
    subject: 'test-user',
    issuer: 'https://issuer.test',
    kind: 'user',
    scopes: [],
    roles: { realm: [], clients: {} },
    organizations: [],
    expiresAt: 4_102_444_800,
    ...principal,
  });
}

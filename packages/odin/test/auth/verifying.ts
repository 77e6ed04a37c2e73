import type { Principal, Revocation, RevocationListener } from '@asgard/heimdall-client';

export const ISSUER = 'http://localhost/i';

export const principalOf = (subject: string): Principal => ({
  ...{ subject, issuer: ISSUER, kind: 'user', scopes: [], organizations: [] },
  ...{ roles: { realm: [], clients: {} }, expiresAt: Date.now() / 1000 + 600, sessionId: `sid-${subject}` },
});

/** Takes the token for the name of its user. */
export function createRevocable() {
  const listeners = new Set<RevocationListener>();
  const revoked = new Set<string>();
  return {
    peek: (token: string) => (revoked.has(`sid-${token}`) ? undefined : principalOf(token)),
    verify: async (token: string) => principalOf(token),
    isRevoked: ({ sessionId = '' }: Principal) => revoked.has(sessionId),
    onRevocation: (listener: RevocationListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    revoke: async (revocation: Partial<Revocation>) => {
      revoked.add(revocation.sessionId ?? '');
      for (const listener of listeners) listener({ issuer: ISSUER, issuedBefore: 0, ...revocation });
    },
  };
}

import type { Principal } from '../principal.ts';
import type { Revocation } from './revocation.ts';

/** Whether a revocation makes a principal's token void. For whoever serves a principal over a long time. Never throws. */
export function isCovered(principal: Principal, revocation: Revocation): boolean {
  const { issuer, sessionId, subject, clientId, issuedBefore } = revocation;
  if (principal.issuer !== issuer) return false;
  if (sessionId !== undefined) return principal.sessionId === sessionId;
  // A token that does not say when it was issued may be an old one.
  if ((principal.issuedAt ?? Number.NEGATIVE_INFINITY) > issuedBefore) return false;
  if (subject !== undefined) return principal.subject === subject;
  return clientId === undefined || principal.clientId === clientId;
}

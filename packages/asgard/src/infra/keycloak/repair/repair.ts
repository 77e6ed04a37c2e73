import type { Change, Comparison } from './change.ts';
import { compareClients } from './clients.ts';
import { hasAll } from './difference.ts';
import { comparePolicies } from './policies.ts';
import { type Json, objectOf, type RealmAdmin } from './realm-admin.ts';
import { compareScopes } from './scopes.ts';
import { compareDemoUsers } from './users.ts';

/**
 * What Keycloak has otherwise than the file of the realm, which it imports only once. Of the file, everything counts but people and
 * organizations; what is not in the file stays as it is. Nothing is changed here.
 *
 * @throws AsgardError `sign_in_failed`, `realm_failed`
 */
export async function compareRealm(admin: RealmAdmin, wanted: Json): Promise<readonly Change[]> {
  const comparison: Comparison = { admin, wanted, scopeIds: new Map() };
  const realm = objectOf(await admin.get(''));
  return [
    ...(await compareScopes(comparison)),
    ...(await compareClients(comparison)),
    ...(await comparePolicies(comparison, String(realm.id))),
    ...compareRealmMembers(comparison, realm),
    ...(await compareDemoUsers(comparison)),
  ];
}

/** Makes all changes, in their order. @returns what was changed, for people */
export async function repairRealm(admin: RealmAdmin, wanted: Json): Promise<readonly string[]> {
  const changes = await compareRealm(admin, wanted);
  for (const { apply } of changes) await apply();
  return describeChanges(changes);
}

/** Each once: one audience is in many scopes. */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map(({ text }) => text))];
}

function compareRealmMembers({ admin, wanted }: Comparison, realm: Json): readonly Change[] {
  const simple = Object.entries(wanted).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return simple
    .filter(([name, value]) => !hasAll(realm[name], value))
    .map(([name, value]) => ({
      text: `${name} changed from ${realm[name]} to ${value}`,
      apply: () => admin.put('', { [name]: value }),
    }));
}

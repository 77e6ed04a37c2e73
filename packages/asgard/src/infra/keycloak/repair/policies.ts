import type { Change, Comparison } from './change.ts';
import { hasAll, isSame } from './difference.ts';
import { type Json, objectOf, objectsOf } from './realm-admin.ts';

/** Who may register a client, and what clients must do. Policies of other names stay. */
export async function comparePolicies(comparison: Comparison, realmId: string): Promise<readonly Change[]> {
  const { wanted } = comparison;
  const types = Object.entries(objectOf(wanted.components));
  const components = await Promise.all(
    types.map(([type, list]) => compareComponents(comparison, { type, wanted: objectsOf(list), realmId })),
  );
  return [
    ...components.flat(),
    // A policy names its profiles, so these come first.
    ...(await compareNamed(comparison, 'profiles', objectsOf(objectOf(wanted.clientProfiles).profiles))),
    ...(await compareNamed(comparison, 'policies', objectsOf(objectOf(wanted.clientPolicies).policies))),
  ];
}

async function compareComponents(
  { admin }: Comparison,
  { type, wanted, realmId }: { type: string; wanted: readonly Json[]; realmId: string },
): Promise<readonly Change[]> {
  const actual = objectsOf(await admin.get(`/components?type=${encodeURIComponent(type)}`));
  return wanted.flatMap((component): readonly Change[] => {
    const { name, providerId, subType, config } = component;
    const found = actual.find(
      (other) => other.name === name && other.providerId === providerId && other.subType === subType,
    );
    const body = { ...component, providerType: type, parentId: realmId };
    // Keycloak keeps what is not named, so what is to go is named with nothing in it.
    const nothing = Object.fromEntries(Object.keys(objectOf(found?.config)).map((member) => [member, []]));
    const what = `policy "${name}" for ${subType} registration`;
    if (found === undefined) {
      return [{ text: `${what} added`, apply: async () => void (await admin.post('/components', body)) }];
    }
    if (isSame(found.config, config)) return [];
    const apply = (): Promise<void> =>
      admin.put(`/components/${found.id}`, { ...body, id: found.id, config: { ...nothing, ...objectOf(config) } });
    return [{ text: `${what} changed`, apply }];
  });
}

/** Keycloak takes these lists only whole. */
async function compareNamed(
  { admin }: Comparison,
  kind: 'profiles' | 'policies',
  wanted: readonly Json[],
): Promise<readonly Change[]> {
  if (wanted.length === 0) return [];
  const path = `/client-policies/${kind}`;
  const actual = objectsOf(objectOf(await admin.get(path))[kind]);
  const different = wanted.filter(
    (entry) =>
      !hasAll(
        actual.find(({ name }) => name === entry.name),
        entry,
      ),
  );
  const others = actual.filter(({ name }) => !wanted.some((entry) => entry.name === name));
  return different.map(({ name }) => ({
    text: `${kind === 'profiles' ? 'client profile' : 'client policy'} ${name} changed`,
    apply: () => admin.put(path, { [kind]: [...others, ...wanted] }),
  }));
}

import type { Change, Comparison } from './change.ts';
import { hasAll, isSame } from './difference.ts';
import { type Json, objectOf, objectsOf } from './realm-admin.ts';

const AUDIENCE_MAPPER = 'oidc-audience-mapper';
const AUDIENCE = 'included.custom.audience';

/** Client scopes with their mappers, and which of them every new client gets. Fills the ids of the comparison. */
export async function compareScopes(comparison: Comparison): Promise<readonly Change[]> {
  const { admin, wanted, scopeIds } = comparison;
  const scopes = objectsOf(wanted.clientScopes);
  const actual = objectsOf(await admin.get('/client-scopes'));
  for (const { name, id } of actual) scopeIds.set(String(name), String(id));
  const changes = scopes.flatMap((scope) => {
    const found = actual.find(({ name }) => name === scope.name);
    if (found === undefined) {
      const apply = async (): Promise<void> =>
        void scopeIds.set(String(scope.name), await admin.post('/client-scopes', scope));
      return [{ text: `scope ${scope.name} added`, apply }];
    }
    return [...compareScope(comparison, found, scope), ...compareMappers(comparison, found, scope)];
  });
  const carriers = actual.filter((scope) => objectsOf(scope.protocolMappers).some((mapper) => isOurs(mapper, scopes)));
  return [
    ...changes,
    ...(await compareList(comparison, 'default-default-client-scopes', wanted.defaultDefaultClientScopes)),
    ...(await compareList(comparison, 'default-optional-client-scopes', wanted.defaultOptionalClientScopes, carriers)),
  ];
}

function compareScope({ admin }: Comparison, found: Json, scope: Json): readonly Change[] {
  const { protocolMappers: _, ...own } = scope;
  if (hasAll(found, own)) return [];
  const attributes = { ...objectOf(found.attributes), ...objectOf(scope.attributes) };
  const { protocolMappers: __, ...before } = found;
  const body = { ...before, ...own, attributes };
  return [{ text: `scope ${scope.name} changed`, apply: () => admin.put(`/client-scopes/${found.id}`, body) }];
}

function compareMappers({ admin, wanted }: Comparison, found: Json, scope: Json): readonly Change[] {
  const path = `/client-scopes/${found.id}/protocol-mappers/models`;
  const mappers = objectsOf(scope.protocolMappers);
  const actual = objectsOf(found.protocolMappers);
  const named = (list: readonly Json[], name: unknown): Json | undefined => list.find((mapper) => mapper.name === name);
  const kept = mappers.flatMap((mapper): readonly Change[] => {
    const before = named(actual, mapper.name);
    const text = describeMapper(scope, before, mapper);
    if (before === undefined) return [{ text, apply: async () => void (await admin.post(path, mapper)) }];
    const config = { ...ownFlags(before), ...objectOf(mapper.config) };
    if (before.protocolMapper === mapper.protocolMapper && isSame(before.config, config)) return [];
    return [{ text, apply: () => admin.put(`${path}/${before.id}`, { ...mapper, id: before.id, config }) }];
  });
  // One that is ours, of an earlier file. Those that somebody else has put here stay.
  const left = actual.filter(
    (mapper) => named(mappers, mapper.name) === undefined && isOurs(mapper, objectsOf(wanted.clientScopes)),
  );
  return [
    ...kept,
    ...left.map(({ id, name }) => ({
      text: `scope ${scope.name}: ${name} removed`,
      apply: () => admin.remove(`${path}/${id}`),
    })),
  ];
}

/** Where the claim goes: Keycloak completes these itself when it makes a mapper. */
function ownFlags(before: Json): Json {
  const flags = Object.entries(objectOf(before.config)).filter(([name]) => /^[a-z]+(?:\.token)?\.claim$/.test(name));
  return Object.fromEntries(flags);
}

function describeMapper(scope: Json, before: Json | undefined, mapper: Json): string {
  const audience = objectOf(mapper.config)[AUDIENCE];
  const old = objectOf(before?.config)[AUDIENCE];
  if (mapper.protocolMapper === AUDIENCE_MAPPER && old !== undefined && audience !== undefined && old !== audience) {
    return `audience changed from ${old} to ${audience}`;
  }
  return `scope ${scope.name}: ${mapper.name} ${before === undefined ? 'added' : 'changed'}`;
}

function isOurs({ name, protocolMapper }: Json, scopes: readonly Json[]): boolean {
  return scopes.some((scope) =>
    objectsOf(scope.protocolMappers).some((own) => own.name === name && own.protocolMapper === protocolMapper),
  );
}

/** What new clients get. A scope of ours that is not in the file any more is offered no longer; others stay. */
async function compareList(
  { admin, wanted, scopeIds }: Comparison,
  list: string,
  names: unknown,
  carriers: readonly Json[] = [],
): Promise<readonly Change[]> {
  if (!Array.isArray(names)) return [];
  const actual = objectsOf(await admin.get(`/${list}`)).map(({ name }) => String(name));
  const known = objectsOf(wanted.clientScopes).map(({ name }) => name);
  const added = names.map(String).filter((name) => !actual.includes(name));
  const withdrawn = carriers.filter(({ name }) => actual.includes(String(name)) && !known.includes(name));
  return [
    ...added.map((name) => ({
      text: `scope ${name} offered to new clients`,
      apply: () => admin.put(`/${list}/${scopeIds.get(name)}`),
    })),
    ...withdrawn.map(({ name, id }) => ({
      text: `scope ${name} offered to new clients no longer`,
      apply: () => admin.remove(`/${list}/${id}`),
    })),
  ];
}

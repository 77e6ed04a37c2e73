import { type Json, objectOf, objectsOf } from '../../src/infra/keycloak/repair/realm-admin.ts';

export interface FakeKeycloak {
  /** One HTTP request as text, as the container gets it. */
  exchange(request: string): string;
  /** The realm as it is now, in the form of the file. */
  realm(): Record<string, unknown>;
  /** What was written, in words: `PUT /clients/1`. */
  readonly writes: string[];
  /** @default it lets the administrator in */
  locked: boolean;
}

/** Keycloak's admin interface in memory, as far as it is used. It imports the realm when it is asked first, and never again. */
export function createFakeKeycloak(importRealm: () => Json): FakeKeycloak {
  let realm: Record<string, unknown> | undefined;
  let ids = 0;
  const withIds = (list: unknown): Record<string, unknown>[] =>
    objectsOf(list).map((entry) => {
      ids += 1;
      return { ...entry, id: `id${ids}` };
    });
  const load = (): Record<string, unknown> => {
    if (realm !== undefined) return realm;
    const file = structuredClone(importRealm()) as Record<string, unknown>;
    const scopes = withIds(file.clientScopes);
    for (const scope of scopes) scope.protocolMappers = withIds(scope.protocolMappers);
    const components = Object.entries(objectOf(file.components)).map(([type, list]) => [type, withIds(list)]);
    realm = {
      ...{ ...file, id: 'realm-id', clientScopes: scopes, clients: withIds(file.clients), users: withIds(file.users) },
      components: Object.fromEntries(components),
    };
    return realm;
  };
  const fake: FakeKeycloak = {
    writes: [],
    locked: false,
    realm: load,
    exchange(request) {
      const [head = '', body = ''] = request.split('\r\n\r\n');
      const [, method = '', target = ''] = /^(\S+) (\S+) HTTP/.exec(head) ?? [];
      if (target.endsWith('/realms/master/protocol/openid-connect/token')) {
        return fake.locked ? answer(401, { error: 'invalid_grant' }) : answer(200, { access_token: 't' });
      }
      const url = new URL(target, 'http://localhost');
      const path = url.pathname.replace(/^\/heimdall\/admin\/realms\/[^/]+/, '');
      if (method === 'GET') return answer(200, read(load(), path, url.searchParams));
      fake.writes.push(`${method} ${path}`);
      return write(load(), { method, path, body: body === '' ? {} : (JSON.parse(body) as Json) });
    },
  };
  return fake;
}

function read(realm: Record<string, unknown>, path: string, query: URLSearchParams): unknown {
  const [, first = '', second] = path.split('/');
  const offered = (member: string): unknown =>
    objectsOf(realm.clientScopes).filter(({ name }) => (realm[member] as unknown[]).includes(name));
  switch (first) {
    case '':
      return realm;
    case 'client-scopes':
      return realm.clientScopes;
    case 'default-default-client-scopes':
      return offered('defaultDefaultClientScopes');
    case 'default-optional-client-scopes':
      return offered('defaultOptionalClientScopes');
    case 'clients':
      return objectsOf(realm.clients).filter(({ clientId }) => clientId === query.get('clientId'));
    case 'users':
      return objectsOf(realm.users).filter(({ username }) => username === query.get('username'));
    case 'components':
      return objectOf(realm.components)[query.get('type') ?? ''];
    default:
      return realm[second === 'profiles' ? 'clientProfiles' : 'clientPolicies'];
  }
}

/** Only what the tests change. */
function write(
  realm: Record<string, unknown>,
  { method, path, body }: { method: string; path: string; body: Json },
): string {
  const [, first, id, , , mapperId] = path.split('/');
  const scopes = objectsOf(realm.clientScopes) as Record<string, unknown>[];
  const scope = scopes.find((candidate) => candidate.id === id);
  const replace = (list: unknown): void => {
    const entry = objectsOf(list).find((candidate) => candidate.id === (mapperId ?? id));
    if (entry !== undefined) Object.assign(entry, body);
  };
  if (path === '') Object.assign(realm, body);
  else if (first === 'client-scopes' && mapperId !== undefined) replace(scope?.protocolMappers);
  else if (first === 'client-scopes' && method === 'POST') {
    scopes.push({ ...body, id: String(body.name) });
    realm.clientScopes = scopes;
    return answer(201, undefined, `location: http://localhost/x/${body.name}\r\n`);
  } else if (first === 'default-optional-client-scopes') {
    const names = realm.defaultOptionalClientScopes as unknown[];
    realm.defaultOptionalClientScopes =
      method === 'PUT' ? [...names, scope?.name] : names.filter((name) => name !== scope?.name);
  } else if (first === 'clients' && path.includes('-client-scopes/')) {
    const client = objectsOf(realm.clients).find((candidate) => candidate.id === id);
    const given = scopes.find((candidate) => candidate.id === path.split('/').at(-1));
    if (client !== undefined) (client.optionalClientScopes as unknown[]).push(given?.name);
  } else if (first === 'clients') replace(realm.clients);
  else if (first === 'users') replace(realm.users);
  else if (first === 'components') replace(Object.values(objectOf(realm.components)).flat());
  else return answer(400, { error: `not in this test: ${method} ${path}` });
  return answer(204, undefined);
}

function answer(status: number, body: unknown, headers = ''): string {
  return `HTTP/1.0 ${status} x\r\n${headers}\r\n${body === undefined ? '' : JSON.stringify(body)}`;
}

import type { Change, Comparison } from './change.ts';
import { hasAll } from './difference.ts';
import { type Json, objectOf, objectsOf } from './realm-admin.ts';

const LISTS = { defaultClientScopes: 'default-client-scopes', optionalClientScopes: 'optional-client-scopes' } as const;

/** What the file has only when nobody but this machine reaches the stack. */
const PRIVATE_CLIENT = { clientId: 'inspector', name: 'MCP Inspector' };

/** The clients of the file. Those that registered themselves, or that people made, are not looked at. */
export async function compareClients(comparison: Comparison): Promise<readonly Change[]> {
  const clients = objectsOf(comparison.wanted.clients);
  const changes = await Promise.all(clients.map((client) => compareClient(comparison, client)));
  return [...changes.flat(), ...(await compareRetired(comparison, clients))];
}

async function compareClient(comparison: Comparison, client: Json): Promise<readonly Change[]> {
  const { admin } = comparison;
  const found = await findClient(comparison, String(client.clientId));
  if (found === undefined) {
    const apply = async (): Promise<void> => void (await admin.post('/clients', client));
    return [{ text: `client ${client.clientId} added`, apply }];
  }
  const { defaultClientScopes: _, optionalClientScopes: __, ...own } = client;
  const different = Object.entries(own).filter(([name, value]) => !hasAll(found[name], value));
  const attributes = { ...objectOf(found.attributes), ...objectOf(client.attributes) };
  return [
    ...different.map(([name, value]) => ({
      text: `client ${client.clientId}: ${name} changed${name === 'attributes' ? changedNames(found, value) : ''}`,
      // Each sends the whole client, so that one is enough and the order does not count.
      apply: () => admin.put(`/clients/${found.id}`, { ...found, ...own, attributes }),
    })),
    ...compareLists(comparison, found, client),
  ];
}

function changedNames(found: Json, wanted: unknown): string {
  const before = objectOf(found.attributes);
  const names = Object.entries(objectOf(wanted)).filter(([name, value]) => !hasAll(before[name], value));
  return ` (${names.map(([name]) => name).join(', ')})`;
}

/** Adds what is missing: some scopes come from Keycloak itself. */
function compareLists({ admin, scopeIds }: Comparison, found: Json, client: Json): readonly Change[] {
  return (['defaultClientScopes', 'optionalClientScopes'] as const).flatMap((member) => {
    const wanted = Array.isArray(client[member]) ? client[member].map(String) : [];
    const actual: readonly unknown[] = Array.isArray(found[member]) ? found[member] : [];
    return wanted
      .filter((name) => !actual.includes(name))
      .map((name) => ({
        text: `client ${client.clientId} gets the scope ${name}`,
        apply: () => admin.put(`/clients/${found.id}/${LISTS[member]}/${scopeIds.get(name)}`),
      }));
  });
}

/** A stack that other machines reach now keeps nothing that was made for this machine alone. */
async function compareRetired(comparison: Comparison, clients: readonly Json[]): Promise<readonly Change[]> {
  const { clientId, name } = PRIVATE_CLIENT;
  if (clients.some((client) => client.clientId === clientId)) return [];
  const found = await findClient(comparison, clientId);
  if (found?.name !== name || found.enabled !== true) return [];
  const apply = (): Promise<void> => comparison.admin.put(`/clients/${found.id}`, { ...found, enabled: false });
  return [{ text: `client ${clientId} disabled: it is for a stack that only this machine reaches`, apply }];
}

async function findClient({ admin }: Comparison, clientId: string): Promise<Json | undefined> {
  const found = objectsOf(await admin.get(`/clients?clientId=${encodeURIComponent(clientId)}`));
  return found.find((client) => client.clientId === clientId);
}

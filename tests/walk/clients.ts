import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { WalkState } from './walk.ts';

export const IDENTITY = { name: 'walk', version: '1.0.0' };

/** A client of SDK v2 that insists on the newest revision. */
export async function connectV2(url: string, token: string): Promise<Client> {
  const client = new Client(IDENTITY, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: { token: async () => token } }));
  return client;
}

export function connectedClient({ client }: WalkState): Client {
  if (client === undefined) throw new Error('the step before did not connect');
  return client;
}

/** Puts one of an item on the shelf and gives how many there are. */
export async function stock(client: Pick<Client, 'callTool'>, item: string): Promise<number> {
  const result = await client.callTool({ name: 'stock', arguments: { item } });
  const { count } = (result.structuredContent ?? {}) as { count?: unknown };
  if (typeof count !== 'number') throw new Error(`stock answered ${JSON.stringify(result)}`);
  return count;
}

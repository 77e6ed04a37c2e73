import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Project } from './project.ts';

/** A client of its own that is subscribed to a resource until it is closed. */
export async function subscribe(project: Project, user: string, uri: string): Promise<{ close(): Promise<void> }> {
  const { stdout } = await project.asgard('token', '--user', user);
  const client = new Client({ name: 'subscriber', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(new URL(project.mcpUrl), {
    authProvider: { token: async () => stdout.trim() },
  });
  await client.connect(transport);
  const subscription = await client.listen({ resourceSubscriptions: [uri] });
  return {
    async close() {
      await subscription.close();
      await client.close();
    },
  };
}

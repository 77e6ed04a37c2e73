import type { Client } from '@modelcontextprotocol/client';
import type { PromptInfo, ResourceInfo, Watch } from './mcp-client.ts';

export async function listResources(client: Client, signal: AbortSignal): Promise<readonly ResourceInfo[]> {
  if (client.getServerCapabilities()?.resources === undefined) return [];
  const options = { signal, cacheMode: 'refresh' } as const;
  const { resources } = await client.listResources(undefined, options);
  const { resourceTemplates } = await client.listResourceTemplates(undefined, options);
  return [
    ...resources.map(({ name, title, description, uri }) => ({ name, title, description, uri, template: false })),
    ...resourceTemplates.map(({ name, title, description, uriTemplate }) => ({
      ...{ name, title, description, uri: uriTemplate },
      template: true,
    })),
  ];
}

export async function listPrompts(client: Client, signal: AbortSignal): Promise<readonly PromptInfo[]> {
  if (client.getServerCapabilities()?.prompts === undefined) return [];
  const { prompts } = await client.listPrompts(undefined, { signal, cacheMode: 'refresh' });
  return prompts.map(({ name, title, description, arguments: args = [] }) => ({
    ...{ name, title, description },
    arguments: args,
  }));
}

/** Ends with the signal, or when the server ends the subscription. */
export async function watchResource(client: Client, { uri, signal, onEvent }: Watch): Promise<void> {
  client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
    onEvent({ type: 'changed', uri: params.uri }),
  );
  // Only the newer protocol has subscriptions; before, a session was subscribed.
  if (client.getDiscoverResult() === undefined) {
    await client.subscribeResource({ uri }, { signal });
    onEvent({ type: 'watching' });
    return aborted(signal);
  }
  const subscription = await client.listen({ resourceSubscriptions: [uri] }, { signal });
  onEvent({ type: 'watching' });
  const how = await subscription.closed;
  if (how !== 'local') onEvent({ type: 'failed', message: 'The server ended the subscription.' });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import {
  Client,
  type ElicitResult,
  LOG_LEVEL_META_KEY,
  type PriorDiscovery,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { describeRefusal } from '../client/refusal.ts';
import type { McpClient, McpClientOptions, ToolCall, ToolInfo } from './mcp-client.ts';
import { isRecord } from './message.ts';
import { listPrompts, listResources, watchResource } from './sdk-lists.ts';

/** A call ends by its result or by the user, so this only bounds what was forgotten. */
const LONGEST_CALL_MS = 24 * 60 * 60 * 1000;
const CONNECT_MS = 10_000;

interface Connected {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
}

/** One connection for each use, so that what the server says belongs to the call it is said in. */
export function createSdkClient({ url, version, token }: McpClientOptions): McpClient {
  let prior: PriorDiscovery | undefined;
  let tools: readonly Tool[] = [];

  async function connect(signal: AbortSignal): Promise<Connected> {
    const client = new Client(
      { name: 'asgard-console', version },
      { versionNegotiation: { mode: 'auto' }, capabilities: { elicitation: { form: {}, url: {} } } },
    );
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      authProvider: { token: () => token(false), onUnauthorized: async () => void (await token(true)) },
    });
    const options = { signal, timeout: CONNECT_MS, ...(prior !== undefined && { prior }) };
    try {
      await client.connect(transport, options);
    } catch (error) {
      // The server may have been replaced by one that speaks otherwise.
      prior = undefined;
      throw error;
    }
    const discover = client.getDiscoverResult();
    prior = discover === undefined ? undefined : { kind: 'modern', discover };
    return { client, transport };
  }

  async function use<T>(signal: AbortSignal, work: (connected: Connected) => Promise<T>): Promise<T> {
    let connected: Connected | undefined;
    try {
      connected = await connect(signal);
      return await work(connected);
    } catch (cause) {
      const refusal = describeRefusal(cause);
      throw refusal === undefined ? cause : new Error(`${refusal}${hintFor(refusal)}`, { cause });
    } finally {
      await connected?.client.close().catch(() => undefined);
    }
  }

  return {
    listTools: (signal) =>
      use(signal, async ({ client }) => {
        const listed = await client.listTools(undefined, { signal, cacheMode: 'refresh' });
        tools = listed.tools;
        return tools satisfies readonly ToolInfo[];
      }),
    listResources: (signal) => use(signal, ({ client }) => listResources(client, signal)),
    readResource: (uri, signal) => use(signal, ({ client }) => client.readResource({ uri }, { signal })),
    listPrompts: (signal) => use(signal, ({ client }) => listPrompts(client, signal)),
    getPrompt: (name, args, signal) =>
      use(signal, ({ client }) => client.getPrompt({ name, arguments: { ...args } }, { signal })),
    async watchResource(watch) {
      try {
        await use(watch.signal, ({ client }) => watchResource(client, watch));
      } catch (error) {
        if (!watch.signal.aborted) watch.onEvent({ type: 'failed', message: explainFailure(error, watch.signal) });
      }
    },
    async callTool(call) {
      try {
        const toolDefinition = tools.find(({ name }) => name === call.tool);
        const result = await use(call.signal, (connected) => runCall(connected, call, toolDefinition));
        call.onEvent({ type: 'result', result });
      } catch (error) {
        call.onEvent({ type: 'failed', message: explainFailure(error, call.signal) });
      }
    },
  };
}

async function runCall({ client, transport }: Connected, call: ToolCall, toolDefinition?: Tool): Promise<unknown> {
  const { tool, args, signal, onEvent, ask } = call;
  client.setRequestHandler('elicitation/create', async ({ params }): Promise<ElicitResult> => {
    const { action, content } = await ask(params, signal);
    return { action, ...(content !== undefined && { content: content as NonNullable<ElicitResult['content']> }) };
  });
  client.setNotificationHandler('notifications/message', ({ params }) =>
    onEvent({ type: 'log', level: params.level, data: params.data }),
  );
  watchMessages(transport, onEvent);
  if (client.getDiscoverResult() === undefined && client.getServerCapabilities()?.logging !== undefined) {
    await client.setLoggingLevel('debug', { signal });
  }
  return client.callTool(
    { name: tool, arguments: { ...args }, _meta: { [LOG_LEVEL_META_KEY]: 'debug' } },
    {
      signal,
      timeout: LONGEST_CALL_MS,
      // Asks for progress. What comes is read from the messages: the SDK tells steps of its own here too.
      onprogress: () => undefined,
      ...(toolDefinition !== undefined && { toolDefinition }),
    },
  );
}

/** Messages of the connection itself have passed by now: what is left is the call. */
function watchMessages(transport: StreamableHTTPClientTransport, onEvent: ToolCall['onEvent']): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    onEvent({ type: 'message', direction: 'sent', message });
    return send(message, options);
  };
  const receive = transport.onmessage;
  transport.onmessage = (message, ...rest) => {
    onEvent({ type: 'message', direction: 'received', message });
    if ('method' in message && message.method === 'notifications/progress') tellProgress(message.params, onEvent);
    receive?.(message, ...rest);
  };
}

function tellProgress(params: unknown, onEvent: ToolCall['onEvent']): void {
  const { progress, total, message } = isRecord(params) ? params : {};
  if (typeof progress !== 'number') return;
  onEvent({
    ...{ type: 'progress', progress },
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message }),
  });
}

/** Behind the stand-in gateway there is nothing but the user's server. */
function hintFor(refusal: string): string {
  return refusal.endsWith('(502)') ? '. The server does not run: the activity and the terminal say why.' : '';
}

function explainFailure(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Cancelled.';
  const message = error instanceof Error ? error.message : String(error);
  if (describeRefusal(error) !== undefined) return message;
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${message}${cause}`;
}

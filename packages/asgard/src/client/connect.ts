import {
  type CallToolResult,
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { AsgardError } from '../errors.ts';
import type { CallOptions, Connection, ConnectOptions, ToolResult } from './connection.ts';

/**
 * Connects the MCP SDK's client, in the newest protocol that the server speaks.
 *
 * @throws AsgardError `connect_failed`
 */
export async function connect({ url, token, version, signal }: ConnectOptions): Promise<Connection> {
  const client = new Client({ name: 'asgard', version }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(
    new URL(url),
    token === undefined ? {} : { authProvider: { token: async () => token } },
  );
  try {
    await client.connect(transport, { signal });
  } catch (error) {
    throw explain(error, { url, signal, what: 'connect' });
  }
  return {
    callTool: (name, options) => callTool(client, { name, url, ...options }),
    close: () => client.close(),
  };
}

async function callTool(
  client: Client,
  { name, url, args, signal, timeoutMs, onProgress }: CallOptions & { name: string; url: string },
): Promise<ToolResult> {
  try {
    const result: CallToolResult = await client.callTool(
      { name, arguments: { ...args } },
      { signal, timeout: timeoutMs, resetTimeoutOnProgress: true, onprogress: onProgress },
    );
    return result as ToolResult;
  } catch (error) {
    throw explain(error, { url, signal, what: 'call' });
  }
}

function explain(
  error: unknown,
  { url, signal, what }: { url: string; signal: AbortSignal; what: 'connect' | 'call' },
): AsgardError {
  if (error instanceof AsgardError) return error;
  if (signal.aborted) return new AsgardError('cancelled', 'Cancelled.', { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new AsgardError('timed_out', `No answer in time from ${url}. Pass a longer --timeout.`, { cause: error });
  }
  if (error instanceof ProtocolError)
    return new AsgardError('call_failed', `${message} (${error.code})`, { cause: error });
  if (isRefused(error)) {
    return new AsgardError('connect_failed', `Nothing answers at ${url}. Start the server: asgard dev`, {
      cause: error,
    });
  }
  return new AsgardError(what === 'connect' ? 'connect_failed' : 'call_failed', `${url}: ${message}`, { cause: error });
}

function isRefused(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true;
    if (at instanceof AggregateError && at.errors.some(isRefused)) return true;
  }
  return false;
}

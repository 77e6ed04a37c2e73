import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as V1Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Endpoint } from './targets.ts';

export interface CallOptions {
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number; total?: number | undefined; message?: string | undefined }) => void;
}

export interface CallResult {
  content: { type: string; text?: string }[];
  structuredContent?: unknown;
  isError?: boolean;
}

/** What the tests use of a connected client, whatever SDK it is made of. */
export interface Session {
  readonly version: string | undefined;
  readonly server: { name: string; version: string } | undefined;
  readonly instructions: string | undefined;
  listTools(): Promise<{ name: string; description?: string | undefined }[]>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<CallResult>;
  listResources(): Promise<string[]>;
  listTemplates(): Promise<string[]>;
  readResource(uri: string): Promise<string>;
  listPrompts(): Promise<string[]>;
  getPrompt(name: string, args: Record<string, string>): Promise<string>;
  close(): Promise<void>;
}

export interface Peer {
  name: string;
  /** The revision that this client and Odin agree on. */
  version: string;
  connect(endpoint: Endpoint): Promise<Session>;
}

const identity = { name: 'interop-client', version: '1.0.0' };

/** A client of SDK v2 in one of its three ways to find the revision. */
export function createV2Client(mode: v2.VersionNegotiationMode): v2.Client {
  return new v2.Client(identity, { versionNegotiation: { mode } });
}

export function createV2Transport(endpoint: Endpoint): v2.Transport {
  return endpoint.kind === 'http'
    ? new v2.StreamableHTTPClientTransport(endpoint.url)
    : new V2Stdio({ command: endpoint.command, args: endpoint.args, cwd: endpoint.cwd, stderr: 'ignore' });
}

export function createV1Transport(endpoint: Endpoint): V1Transport {
  return endpoint.kind === 'http'
    ? (new V1Http(endpoint.url) as V1Transport)
    : new V1Stdio({ command: endpoint.command, args: endpoint.args, cwd: endpoint.cwd, stderr: 'ignore' });
}

function v2Peer(name: string, mode: v2.VersionNegotiationMode, version: string): Peer {
  return {
    name,
    version,
    connect: async (endpoint) => {
      const client = createV2Client(mode);
      await client.connect(createV2Transport(endpoint));
      return wrap(client, client.getNegotiatedProtocolVersion(), (params, options) => client.callTool(params, options));
    },
  };
}

function v1Peer(name: string, version: string): Peer {
  return {
    name,
    version,
    connect: async (endpoint) => {
      const client = new V1Client(identity);
      const transport = createV1Transport(endpoint);
      let agreed: string | undefined;
      transport.setProtocolVersion = ((set) => (value: string) => {
        agreed = value;
        set?.call(transport, value);
      })(transport.setProtocolVersion);
      await client.connect(transport);
      return wrap(client, agreed, (params, options) => client.callTool(params, undefined, options));
    },
  };
}

type Call = (params: { name: string; arguments: Record<string, unknown> }, options: CallOptions) => Promise<unknown>;

function wrap(client: v2.Client | V1Client, version: string | undefined, call: Call): Session {
  return {
    version,
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args = {}, options = {}) => (await call({ name, arguments: args }, options)) as CallResult,
    listResources: async () => (await client.listResources()).resources.map((resource) => resource.uri),
    listTemplates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate),
    readResource: async (uri) => {
      const [content] = (await client.readResource({ uri })).contents;
      return content !== undefined && 'text' in content ? String(content.text) : '';
    },
    listPrompts: async () => (await client.listPrompts()).prompts.map((prompt) => prompt.name),
    getPrompt: async (name, args) => {
      const [message] = (await client.getPrompt({ name, arguments: args })).messages;
      return message?.content.type === 'text' ? message.content.text : '';
    },
    close: () => client.close(),
  };
}

/** Every client that Odin must get on with. */
export const peers: readonly Peer[] = [
  v2Peer('SDK v2, auto', 'auto', '2026-07-28'),
  v2Peer('SDK v2, pinned to 2026-07-28', { pin: '2026-07-28' }, '2026-07-28'),
  v2Peer('SDK v2, legacy', 'legacy', '2025-11-25'),
  v1Peer('SDK v1', '2025-11-25'),
];

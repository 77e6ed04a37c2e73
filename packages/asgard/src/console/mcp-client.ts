/** A tool as the page shows it and fills in its form. */
export interface ToolInfo {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
  readonly annotations?: unknown;
}

/** What happens in a call, in the order in which it happens. The last one is `result` or `failed`. */
export type CallEvent =
  | { readonly type: 'started'; readonly callId: string }
  /** A JSON-RPC message of the call as it went over the wire. */
  | { readonly type: 'message'; readonly direction: 'sent' | 'received'; readonly message: unknown }
  | {
      readonly type: 'progress';
      readonly progress: number;
      readonly total?: number | undefined;
      readonly message?: string | undefined;
    }
  | { readonly type: 'log'; readonly level: string; readonly data: unknown }
  /** The tool asks the user something; the call goes on when it is answered. */
  | { readonly type: 'question'; readonly questionId: string; readonly params: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failed'; readonly message: string };

/** How the user answers a question (MCP elicitation). */
export interface Answer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

export interface ToolCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: CallEvent) => void;
  readonly ask: (params: unknown, signal: AbortSignal) => Promise<Answer>;
}

/** A resource, or with a template a family of them. */
export interface ResourceInfo {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** A URI, or a URI template (RFC 6570). */
  readonly uri: string;
  readonly template: boolean;
}

export interface PromptInfo {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly arguments: readonly PromptArgument[];
}

export interface PromptArgument {
  readonly name: string;
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
}

/** What happens while a resource is watched. */
export type WatchEvent =
  | { readonly type: 'watching' }
  | { readonly type: 'changed'; readonly uri: string }
  | { readonly type: 'failed'; readonly message: string };

export interface Watch {
  readonly uri: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
}

/** An MCP client that speaks for one user. */
export interface McpClient {
  listTools(signal: AbortSignal): Promise<readonly ToolInfo[]>;
  listResources(signal: AbortSignal): Promise<readonly ResourceInfo[]>;
  readResource(uri: string, signal: AbortSignal): Promise<unknown>;
  listPrompts(signal: AbortSignal): Promise<readonly PromptInfo[]>;
  getPrompt(name: string, args: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown>;
  /** Subscribes until the signal aborts or the stream ends. Never throws: an error is the last event. */
  watchResource(watch: Watch): Promise<void>;
  /** Never throws: an error is the last event. */
  callTool(call: ToolCall): Promise<void>;
}

export interface McpClientOptions {
  readonly url: string;
  readonly version: string;
  /** A token of the user. `fresh`: the last one was refused. */
  readonly token: (fresh: boolean) => Promise<string>;
}

export type CreateMcpClient = (options: McpClientOptions) => McpClient;

/** A client's view of a server, as far as the commands need it. */
export interface Connection {
  /** What this user may call. */
  listTools(): Promise<readonly ToolSummary[]>;
  callTool(name: string, options: CallOptions): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface ToolSummary {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema, as the server says it. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

export interface ConnectOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly version: string;
  readonly signal: AbortSignal;
}

export type Connect = (options: ConnectOptions) => Promise<Connection>;

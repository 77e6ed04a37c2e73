import type { DevUser, Exchange } from 'asgard';

/** The decorators template, running behind a whole chain. */
export interface WalkTarget {
  /** Public URL of the MCP endpoint. */
  readonly mcpUrl: string;
  readonly issuer: string;
  readonly users: readonly DevUser[];
  /** The server itself, without anything in front of it. */
  readonly serverUrl: string;
  /** Folder of the template. */
  readonly directory: string;
  /** Every exchange that the server has finished. */
  readonly exchanges: readonly Exchange[];
  /** HTTP requests in the server that wait for the end of their answer. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

export type StartTarget = () => Promise<WalkTarget>;

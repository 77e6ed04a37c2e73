import type { Readable, Writable } from 'node:stream';
import type { OdinServer } from './server.ts';
import { StdioConnection } from './stdio/connection.ts';

export interface StdioOptions {
  /** @default process.stdin */
  readonly input?: Readable;
  /** @default process.stdout */
  readonly output?: Writable;
}

/**
 * Serves one client over newline-delimited JSON-RPC (MCP 2026-07-28, basic/transports, "stdio"), in both eras. The
 * caller is whoever started the process: no token is asked for. Resolves when the input ends and every call has ended.
 */
export async function serveStdio(odin: OdinServer, options: StdioOptions = {}): Promise<void> {
  const { input = process.stdin, output = process.stdout } = options;
  const connection = new StdioConnection(odin, output);
  await connection.read(input);
}

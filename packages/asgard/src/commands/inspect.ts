import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRunning } from '../project.ts';

export interface InspectFlags {
  readonly url?: string;
}

/** What the Inspector asks for; the rest of Asgard runs on older ones. */
const INSPECTOR_NODE = 22;

/** Starts the MCP Inspector, in the browser, against the running server or any URL. It runs until Ctrl-C. */
export async function inspect({ url }: InspectFlags, io: Io): Promise<number> {
  if (Number.parseInt(io.nodeVersion, 10) < INSPECTOR_NODE) {
    throw new AsgardError(
      'node_too_old',
      `The MCP Inspector needs Node ${INSPECTOR_NODE} or later; this is ${io.nodeVersion}. Run this command with a newer Node.`,
    );
  }
  const target = url ?? (await findRunning(io)).mcpUrl;
  const inspector = ['--yes', '@modelcontextprotocol/inspector', '--transport', 'http', '--server-url', target];
  const exitCode = await io.execute('npx', inspector);
  if (io.interrupted.aborted) return 130;
  if (exitCode === 127) throw new AsgardError('engine_missing', 'npx was not found. It comes with npm.');
  return exitCode === 0 ? 0 : 1;
}

import { CHANGE_KINDS, type Change } from '../client/change.ts';
import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRunning } from '../project.ts';

export interface PublishFlags {
  readonly server?: string;
  readonly json?: boolean;
}

/** Tells the subscribers of a server about a change, from outside of the server. */
export async function publish([kind = '', uri]: readonly string[], flags: PublishFlags, io: Io): Promise<number> {
  const change = parseChange(kind, uri);
  const { gripUrl, server } = await findProxy(flags, io);
  await io.publishChange({ change, gripUrl, server, signal: io.interrupted });
  if (flags.json === true) io.stdout.write(`${JSON.stringify({ ok: true, server, change })}\n`);
  else io.stderr.write(`Published to the subscribers of ${server}.\n`);
  return 0;
}

function parseChange(kind: string, uri: string | undefined): Change {
  if (kind === 'resource') {
    if (uri === undefined) throw new AsgardError('usage', 'Name the resource: npx asgard publish resource URI');
    if (!URL.canParse(uri)) throw new AsgardError('usage', `"${uri}" is not a URI, such as note://today.`);
    return { kind, uri };
  }
  const list = CHANGE_KINDS.find((candidate) => candidate === kind);
  if (list === undefined || list === 'resource') {
    throw new AsgardError('usage', `"${kind}" does not change. Publish one of: ${CHANGE_KINDS.join(', ')}.`);
  }
  if (uri !== undefined) throw new AsgardError('usage', `A change of the list of ${kind} has no URI.`);
  return { kind: list };
}

/** GRIP_URL with the server's URL, both as the server has them, or the running `asgard dev`. */
async function findProxy(flags: PublishFlags, io: Io): Promise<{ gripUrl: string; server: string }> {
  const { GRIP_URL: gripUrl, ASGARD_URL } = io.env;
  if (gripUrl !== undefined && gripUrl !== '') {
    const server = flags.server ?? ASGARD_URL;
    if (server === undefined || server === '') {
      throw new AsgardError('usage', 'GRIP_URL is set: say also whose change it is, by --server URL or ASGARD_URL.');
    }
    return { gripUrl, server };
  }
  const running = await findRunning(io);
  if (running.gripUrl === undefined) {
    throw new AsgardError('not_running', 'The running "asgard dev" does not say where to publish. Start it again.');
  }
  return { gripUrl: running.gripUrl, server: flags.server ?? running.mcpUrl };
}

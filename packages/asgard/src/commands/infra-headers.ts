import { join } from 'node:path';
import { collectParamHeaders } from '../infra/cors.ts';
import { CONFIG_FILE, writeParamHeaders } from '../infra/param-headers.ts';
import type { Io } from '../io.ts';
import { connectToServer, type TargetFlags } from './call.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';

export interface InfraHeadersFlags extends InfraFlags, TargetFlags {}

/**
 * Asks a server for its tools and notes the headers that they have clients send (`x-mcp-header`) in asgard.json, from where they go into the CORS rules of
 * the gateway. Names that are there stay: this user may not see every tool.
 */
export async function infraHeaders(flags: InfraHeadersFlags, io: Io): Promise<number> {
  const { effects, stack } = await openInfra(flags, io);
  const connection = await connectToServer(flags, io);
  const found = await connection
    .listTools()
    .then(collectParamHeaders)
    .finally(() => connection.close().catch(() => undefined));
  const { paramHeaders: known } = stack.settings;
  const names = new Set(known.map((name) => name.toLowerCase()));
  const added = found.filter((name) => !names.has(name.toLowerCase()));
  const paramHeaders = [...known, ...added].sort();
  if (added.length > 0) {
    const path = join(stack.directory, CONFIG_FILE);
    await effects.files.write(path, writeParamHeaders(await effects.files.read(path), paramHeaders), 0o644);
  }
  if (flags.json === true) printJson(io, { ok: true, paramHeaders, added });
  else {
    io.stdout.write(paramHeaders.map((name) => `Mcp-Param-${name}\n`).join(''));
    io.stderr.write(
      added.length > 0
        ? `${added.length} added to ${CONFIG_FILE}. Into the gateway: asgard infra up\n`
        : 'Nothing to add: no tool that this user sees has another x-mcp-header.\n',
    );
  }
  return 0;
}

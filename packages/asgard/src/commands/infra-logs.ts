import { AsgardError } from '../errors.ts';
import { openCompose, verifyWritten } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra } from './infra-context.ts';

export interface InfraLogsFlags extends InfraFlags {
  readonly follow?: boolean;
  readonly since?: string;
}

/** What the services say, on the standard output. */
export async function infraLogs(services: readonly string[], flags: InfraLogsFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  await verifyWritten(effects, stack);
  const { compose } = await openCompose(effects, stack, { engine });
  const known = await compose.services();
  const unknown = services.find((service) => !known.includes(service));
  if (unknown !== undefined) {
    throw new AsgardError('usage', `There is no service "${unknown}". Services: ${known.join(', ')}.`);
  }
  await compose.follow({
    services,
    follow: flags.follow === true,
    since: flags.since,
    signal: io.interrupted,
    onLine: (line) => io.stdout.write(`${flags.json === true ? JSON.stringify(splitLine(line)) : line}\n`),
  });
  return 0;
}

/** Compose puts the name of the container in front of what it says. */
function splitLine(line: string): { container?: string; text: string } {
  const [, container, text] = /^(\S+)\s+\| ?(.*)$/.exec(line) ?? [];
  return container === undefined || text === undefined ? { text: line } : { container, text };
}

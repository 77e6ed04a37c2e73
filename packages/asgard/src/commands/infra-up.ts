import { AsgardError } from '../errors.ts';
import type { Compose } from '../infra/engine/compose.ts';
import { explainFailure, type FailedService, ServiceFailure, waitTasks } from '../infra/engine/health.ts';
import { takenPort } from '../infra/ports.ts';
import { isLoopbackUrl, issuerOf, mcpUrlOf } from '../infra/settings.ts';
import { openCompose, writeStack } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { displayOf, type InfraContext, type InfraFlags, openInfra, printJson } from './infra-context.ts';

export interface InfraUpFlags extends InfraFlags {
  readonly profile?: string;
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly pull?: string;
}

const PROFILES = ['inspector', 'observability'];

/** Starts what does not run, repairs what has ended, changes what is different, and waits until everything is healthy. */
export async function infraUp(flags: InfraUpFlags, io: Io): Promise<number> {
  const context = await openInfra(flags, io);
  const { effects, stack } = context;
  const profiles = parseProfiles(flags.profile);
  const pull = parsePull(flags.pull);
  const { compose } = await openCompose(effects, stack, { engine: context.engine, profiles });
  await writeStack(effects, stack);
  await verifyPort(context, compose, io);
  const say = (line: string): void => {
    if (flags.json !== true) io.stderr.write(`${line}\n`);
  };
  await compose.up({ pull, onLine: say, signal: io.interrupted });
  if (flags.wait !== false) await untilHealthy(context, compose, flags, io);
  return succeed(context, flags, io);
}

/** @throws AsgardError `port_taken`, unless it is our own entrance that listens there */
async function verifyPort({ effects, stack }: InfraContext, compose: Compose, io: Io): Promise<void> {
  const { port, edge } = stack.settings;
  const own = await compose.containers();
  if (own.some(({ service, state }) => service === edge && state === 'running')) return;
  const taken = await takenPort(effects, stack.settings, io.interrupted);
  if (taken === undefined) return;
  throw new AsgardError(
    'port_taken',
    `Port ${port} is taken${taken.by === undefined ? '' : ` by ${taken.by}`}. The next free one: asgard infra up --port ${taken.nextFree}`,
  );
}

async function untilHealthy(context: InfraContext, compose: Compose, flags: InfraUpFlags, io: Io): Promise<void> {
  const services = await compose.services();
  const options = { services, timeoutMs: flags.timeout * 1000, signal: io.interrupted };
  try {
    await context.effects.runTasks(waitTasks(context.effects, compose, options), displayOf(flags, io));
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    const failed = await explainFailure(compose, error);
    if (flags.json !== true) io.stderr.write(formatFailure(failed));
    throw new AsgardError(error.code, failed.cause === undefined ? error.message : `${error.message} ${failed.cause}`, {
      cause: error,
    });
  }
}

function formatFailure({ service, lines }: FailedService): string {
  const shown = lines.map((line) => `  ${line}\n`).join('');
  return `The last lines of ${service}:\n${shown === '' ? '  (none)\n' : shown}`;
}

function succeed({ stack }: InfraContext, flags: InfraUpFlags, io: Io): number {
  const { settings } = stack;
  const urls = { mcp: mcpUrlOf(settings), issuer: issuerOf(settings) };
  if (flags.json === true) {
    printJson(io, { ok: true, project: settings.project, edge: settings.edge, ...urls, server: settings.server });
    return 0;
  }
  const next =
    settings.server.kind === 'host'
      ? 'Start your server with these settings:  eval "$(asgard infra env --format shell --show-secrets)" && npm start'
      : 'Look at it:  asgard infra status';
  io.stdout.write(
    [
      `  MCP     ${urls.mcp}`,
      `  issuer  ${urls.issuer}`,
      ...(isLoopbackUrl(settings.publicUrl) ? [`  admin   ${settings.publicUrl}/heimdall/admin/`] : []),
      '',
      next,
      '',
    ].join('\n'),
  );
  return 0;
}

function parseProfiles(text: string | undefined): readonly string[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = names.find((name) => !PROFILES.includes(name));
  if (unknown === undefined) return names;
  throw new AsgardError('usage', `There is no profile "${unknown}". Profiles: ${PROFILES.join(', ')}.`);
}

function parsePull(text = 'missing'): 'missing' | 'always' | 'never' {
  if (text === 'missing' || text === 'always' || text === 'never') return text;
  throw new AsgardError('usage', `--pull ${text} is not one of missing, always, never.`);
}

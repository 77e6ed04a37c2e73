import { AsgardError } from '../errors.ts';
import type { Compose } from '../infra/engine/compose.ts';
import type { Container } from '../infra/engine/containers.ts';
import { explainFailure, type FailedService, ServiceFailure, waitTasks } from '../infra/engine/health.ts';
import { repairRealm } from '../infra/keycloak/repair/repair.ts';
import { openStackRealm } from '../infra/keycloak/repair/stack-realm.ts';
import { portAdvice, takenPort } from '../infra/ports.ts';
import { keepFlags, openCompose, writeStack } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { displayOf, type InfraContext, type InfraFlags, openInfra } from './infra-context.ts';
import { type RealmReport, reportUp } from './up-report.ts';

export interface InfraUpFlags extends InfraFlags {
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly pull?: string;
}

interface Running {
  readonly compose: Compose;
  readonly containers: readonly Container[];
}

/** Starts what does not run, repairs what has ended, changes what is different, and waits until everything is healthy. */
export async function infraUp(flags: InfraUpFlags, io: Io): Promise<number> {
  const context = await openInfra(flags, io);
  const { effects, stack } = context;
  const pull = parsePull(flags.pull);
  const { compose } = await openCompose(effects, stack, { engine: context.engine });
  await writeStack(effects, stack);
  const containers = await compose.containers();
  await makeWay(context, { compose, containers }, io);
  // A port that was refused must not be that of the next command.
  await keepFlags(effects, stack);
  const say = (line: string): void => {
    if (flags.json !== true) io.stderr.write(`${line}\n`);
  };
  if (!stack.ejected) await removeUnwanted(compose, containers);
  await compose.up({ pull, onLine: say, signal: io.interrupted });
  if (flags.wait !== false) await untilHealthy(context, compose, flags, io);
  const realm = flags.wait === false ? NOT_WAITED : await agree(context, compose);
  reportUp(context, { json: flags.json === true, realm }, io);
  return 0;
}

const NOT_WAITED: RealmReport = { compared: false, reason: 'nobody waited for it (--no-wait)' };

/** Keycloak imports a realm only once: what has changed since is brought to it here. */
async function agree({ effects, stack }: InfraContext, compose: Compose): Promise<RealmReport> {
  const realm = await openStackRealm(effects, stack, compose);
  if (realm === undefined) return { compared: false, reason: 'the stack has no realm of its own' };
  try {
    return { compared: true, changes: await repairRealm(realm.admin, realm.wanted) };
  } catch (error) {
    // Keycloak advises to replace its first administrator. The stack runs all the same.
    if (error instanceof AsgardError && error.code === 'sign_in_failed')
      return { compared: false, reason: error.message };
    throw error;
  }
}

/** The port of the entrance is free, or is ours. @throws AsgardError `port_taken` */
async function makeWay({ effects, stack }: InfraContext, { compose, containers }: Running, io: Io): Promise<void> {
  const { port, edge } = stack.settings;
  const running = containers.filter(({ state }) => state === 'running');
  const holder = running.find(({ ports }) => ports.includes(port));
  if (holder?.service === edge) return;
  if (holder !== undefined) {
    // The entrance moves: the new one starts before compose replaces the old one, and would find the port taken.
    await compose.remove([holder.service]);
    return;
  }
  // Some composes do not tell of ports: then our own entrance counts as what listens there.
  if (running.some(({ service }) => service === edge) && running.every(({ ports }) => ports.length === 0)) return;
  const taken = await takenPort(effects, stack.settings, io.interrupted);
  if (taken === undefined) return;
  throw new AsgardError(
    'port_taken',
    `Port ${port} is taken${taken.by === undefined ? '' : ` by ${taken.by}`}. The next free one: ${portAdvice(stack, taken.nextFree)}`,
  );
}

/** What an earlier `up --profile` started and this one does not want. Compose leaves it, since the file still has it. */
async function removeUnwanted(compose: Compose, containers: readonly Container[]): Promise<void> {
  const wanted = containers.length === 0 ? [] : await compose.services();
  const others = [...new Set(containers.map(({ service }) => service))].filter((service) => !wanted.includes(service));
  if (others.length > 0) await compose.remove(others);
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

function parsePull(text = 'missing'): 'missing' | 'always' | 'never' {
  if (text === 'missing' || text === 'always' || text === 'never') return text;
  throw new AsgardError('usage', `--pull ${text} is not one of missing, always, never.`);
}

import { AsgardError } from '../errors.ts';
import type { InfraEffects } from '../infra/effects.ts';
import { openCompose, type Stack, verifyWritten, writeStack } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';

export interface InfraDownFlags extends InfraFlags {
  readonly volumes?: boolean;
}

export interface InfraResetFlags extends InfraFlags {
  readonly yes?: boolean;
}

/** Stops the stack; data stays unless `--volumes`. Fine when nothing runs. */
export async function infraDown(flags: InfraDownFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  if (!(await isWritten(effects, stack))) {
    if (flags.json === true) printJson(io, { ok: true, volumes: flags.volumes === true });
    else io.stderr.write(`There is no stack in ${stack.directory}: nothing to stop.\n`);
    return 0;
  }
  const { compose } = await openCompose(effects, stack, { engine });
  await compose.down({ volumes: flags.volumes === true });
  if (flags.json === true) printJson(io, { ok: true, volumes: flags.volumes === true });
  else io.stderr.write(flags.volumes === true ? 'Stopped. All data is gone.\n' : 'Stopped. Data is kept.\n');
  return 0;
}

async function isWritten(effects: InfraEffects, stack: Stack): Promise<boolean> {
  try {
    await verifyWritten(effects, stack);
    return true;
  } catch (error) {
    if (error instanceof AsgardError && error.code === 'not_up') return false;
    throw error;
  }
}

/** Stops the stack, deletes its data and makes new secrets. Asks first. */
export async function infraReset(flags: InfraResetFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  await verifyWritten(effects, stack);
  if (flags.yes !== true) await askFirst(stack.settings.project, io);
  const { compose } = await openCompose(effects, stack, { engine });
  await compose.down({ volumes: true });
  await effects.files.remove(stack.secretsFile);
  await writeStack(effects, stack);
  if (flags.json === true) printJson(io, { ok: true });
  else io.stderr.write('All data and secrets are gone, new secrets are made. Start: asgard infra up\n');
  return 0;
}

/** @throws AsgardError `usage` where nobody can be asked, `cancelled` */
async function askFirst(project: string, io: Io): Promise<void> {
  if (!io.stderr.isTTY || (io.env.CI ?? '') !== '') {
    throw new AsgardError('usage', 'This deletes users and data. Nobody can be asked here, so say --yes.');
  }
  const effects = await io.loadInfra();
  if (await effects.confirm(`Delete all users, data and secrets of ${project}?`)) return;
  throw new AsgardError('cancelled', 'Nothing was changed.');
}

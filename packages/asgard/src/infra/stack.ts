import { join } from 'node:path';
import { AsgardError } from '../errors.ts';
import type { InfraEffects } from './effects.ts';
import { type Compose, type ComposeProject, createCompose } from './engine/compose.ts';
import { type Engine, findEngine } from './engine/engine.ts';
import { COMPOSE_FILE, HOST_OVERRIDE_FILE, infraFiles } from './files.ts';
import { formatKeptFlags, type GivenFlags, type KeptFlags, mergeFlags, parseKeptFlags } from './kept-flags.ts';
import { originsOf, resolveSettings, type SettingOrigins } from './resolve-settings.ts';
import { completeSecrets, formatSecrets, parseSecrets, type Secrets } from './secrets.ts';
import type { InfraSettings } from './settings.ts';

/** The stack of one project: its settings, and where its files are. */
export interface Stack {
  readonly settings: InfraSettings;
  readonly origins: SettingOrigins;
  /** Of the project, absolute. */
  readonly directory: string;
  /** Of the stack's files, absolute. */
  readonly folder: string;
  /** Whether the files are the project's own, made by `asgard infra eject`, and so are not written. */
  readonly ejected: boolean;
  readonly secretsFile: string;
  /** Flags of an earlier `up` that nothing has overridden. */
  readonly kept: KeptFlags;
  /** Those and the given ones: what `keepFlags` writes. */
  readonly flags: KeptFlags;
}

export interface StackSources {
  readonly directory: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: GivenFlags;
  /** Leaves out the flags of an earlier `up`. @default false */
  readonly forget?: boolean;
}

export const STACK_FOLDER = '.asgard/infra';
export const EJECTED_FOLDER = 'infra/compose';
const SECRETS_FILE = 'secrets.env';
const STATE_FILE = 'state.json';
const PROFILES: readonly string[] = ['inspector', 'observability'];
const NO_PROFILE = 'none';

/** Reads settings and places. Writes nothing. @throws AsgardError `bad_settings` */
export async function openStack(effects: InfraEffects, sources: StackSources): Promise<Stack> {
  const { directory, name, env, flags } = sources;
  const read = (path: string): Promise<string | undefined> => effects.files.read(join(directory, path));
  const ejected = (await read(`${EJECTED_FOLDER}/${COMPOSE_FILE}`)) !== undefined;
  const before = sources.forget === true ? {} : parseKeptFlags(await read(`${STACK_FOLDER}/${STATE_FILE}`));
  const settingSources = {
    name,
    config: await read('asgard.json'),
    env,
    flags,
    kept: before,
    hasDockerfile: (await read('Dockerfile')) !== undefined,
  };
  return {
    settings: resolveSettings(settingSources),
    origins: originsOf(settingSources),
    directory,
    ejected,
    folder: join(directory, ejected ? EJECTED_FOLDER : STACK_FOLDER),
    secretsFile: join(directory, STACK_FOLDER, SECRETS_FILE),
    kept: withoutOverridden(before, sources),
    flags: mergeFlags(before, flags),
  };
}

/**
 * Makes what is missing: secrets, and the files of the stack. The folder is for its owner only; the files in it are readable, because the
 * users inside the containers are others, and hold no secret. @returns the secrets
 */
export async function writeStack(effects: InfraEffects, stack: Stack): Promise<Secrets> {
  const { files } = effects;
  await ignoreFolder(effects, stack);
  const secrets = completeSecrets(await readSecrets(effects, stack), effects.randomBytes);
  await files.write(stack.secretsFile, formatSecrets(secrets), 0o600);
  if (stack.ejected) return secrets;
  for (const { path, content } of infraFiles(stack.settings)) {
    await files.write(join(stack.folder, path), content, 0o644);
  }
  return secrets;
}

/** From now on every command goes by the flags that were given to this one, until others are given. */
export async function keepFlags(effects: InfraEffects, stack: Stack): Promise<void> {
  await ignoreFolder(effects, stack);
  await effects.files.write(join(stack.directory, STACK_FOLDER, STATE_FILE), formatKeptFlags(stack.flags), 0o600);
}

/** What is there; nothing is made. */
export async function readSecrets(effects: InfraEffects, stack: Stack): Promise<Partial<Secrets>> {
  return parseSecrets((await effects.files.read(stack.secretsFile)) ?? '');
}

/** @throws AsgardError `engine_missing` */
export async function openCompose(
  effects: InfraEffects,
  stack: Stack,
  options: { readonly engine: string | undefined },
): Promise<{ engine: Engine; compose: Compose }> {
  const engine = await findEngine(effects, options.engine);
  const host = stack.settings.server.kind === 'host';
  const project: ComposeProject = {
    name: stack.settings.project,
    folder: stack.folder,
    files: [COMPOSE_FILE, ...(host ? [HOST_OVERRIDE_FILE] : [])],
    secretsFile: stack.secretsFile,
    profiles: parseProfiles(stack.flags.profile),
  };
  return { engine, compose: createCompose(effects, engine, project) };
}

/** @throws AsgardError `not_up` when the stack was never started here */
export async function verifyWritten(effects: InfraEffects, stack: Stack): Promise<void> {
  if ((await effects.files.read(stack.secretsFile)) !== undefined) return;
  throw new AsgardError('not_up', `There is no stack in ${stack.directory} yet. Start it: asgard infra up`);
}

/** The services that are not always wanted, from a list with commas. @throws AsgardError `usage` */
function parseProfiles(text: string | undefined): readonly string[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== NO_PROFILE);
  const unknown = names.find((name) => !PROFILES.includes(name));
  if (unknown === undefined) return names;
  throw new AsgardError(
    'usage',
    `There is no profile "${unknown}". Profiles: ${[...PROFILES, NO_PROFILE].join(', ')}.`,
  );
}

function ignoreFolder({ files }: InfraEffects, { directory }: Stack): Promise<void> {
  return files.write(join(directory, '.asgard', '.gitignore'), '*\n', 0o600);
}

/** Flags and the environment count before what was kept. */
function withoutOverridden(kept: KeptFlags, { flags, env }: StackSources): KeptFlags {
  const variables: Partial<Record<keyof KeptFlags, string | undefined>> = {
    port: env.ASGARD_PORT,
    edge: env.ASGARD_EDGE,
    engine: env.ASGARD_ENGINE,
  };
  const names = Object.keys(kept) as (keyof KeptFlags)[];
  const left = names.filter((name) => flags[name] === undefined && !variables[name]);
  return Object.fromEntries(left.map((name) => [name, kept[name]]));
}

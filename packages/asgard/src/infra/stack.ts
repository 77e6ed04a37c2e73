import { join } from 'node:path';
import { AsgardError } from '../errors.ts';
import type { InfraEffects } from './effects.ts';
import { type Compose, type ComposeProject, createCompose } from './engine/compose.ts';
import { type Engine, findEngine } from './engine/engine.ts';
import { COMPOSE_FILE, HOST_OVERRIDE_FILE, infraFiles } from './files.ts';
import { resolveSettings, type SettingFlags } from './resolve-settings.ts';
import { completeSecrets, formatSecrets, parseSecrets, type Secrets } from './secrets.ts';
import type { InfraSettings } from './settings.ts';

/** The stack of one project: its settings, and where its files are. */
export interface Stack {
  readonly settings: InfraSettings;
  /** Of the project, absolute. */
  readonly directory: string;
  /** Of the stack's files, absolute. */
  readonly folder: string;
  /** Whether the files are the project's own, made by `asgard infra eject`, and so are not written. */
  readonly ejected: boolean;
  readonly secretsFile: string;
}

export interface StackSources {
  readonly directory: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: SettingFlags;
}

export const STACK_FOLDER = '.asgard/infra';
export const EJECTED_FOLDER = 'infra/compose';
const SECRETS_FILE = 'secrets.env';
const STATE_FILE = 'state.json';

/** Reads settings and places. Writes nothing. @throws AsgardError `bad_settings` */
export async function openStack(effects: InfraEffects, sources: StackSources): Promise<Stack> {
  const { directory, name, env, flags } = sources;
  const read = (path: string): Promise<string | undefined> => effects.files.read(join(directory, path));
  const ejected = (await read(`${EJECTED_FOLDER}/${COMPOSE_FILE}`)) !== undefined;
  const settings = resolveSettings({
    name,
    config: await read('asgard.json'),
    env,
    flags,
    hasDockerfile: (await read('Dockerfile')) !== undefined,
    storedPort: readPort(await read(`${STACK_FOLDER}/${STATE_FILE}`)),
  });
  return {
    settings,
    directory,
    ejected,
    folder: join(directory, ejected ? EJECTED_FOLDER : STACK_FOLDER),
    secretsFile: join(directory, STACK_FOLDER, SECRETS_FILE),
  };
}

/**
 * Makes what is missing: secrets, and the files of the stack. The folder is for its owner only; the files in it are readable, because the
 * users inside the containers are others, and hold no secret. @returns the secrets
 */
export async function writeStack(effects: InfraEffects, stack: Stack): Promise<Secrets> {
  const { files } = effects;
  await files.write(join(stack.directory, '.asgard', '.gitignore'), '*\n', 0o600);
  const secrets = completeSecrets(await readSecrets(effects, stack), effects.randomBytes);
  await files.write(stack.secretsFile, formatSecrets(secrets), 0o600);
  await files.write(
    join(stack.directory, STACK_FOLDER, STATE_FILE),
    `${JSON.stringify({ port: stack.settings.port })}\n`,
    0o600,
  );
  if (stack.ejected) return secrets;
  for (const { path, content } of infraFiles(stack.settings)) {
    await files.write(join(stack.folder, path), content, 0o644);
  }
  return secrets;
}

/** What is there; nothing is made. */
export async function readSecrets(effects: InfraEffects, stack: Stack): Promise<Partial<Secrets>> {
  return parseSecrets((await effects.files.read(stack.secretsFile)) ?? '');
}

/** @throws AsgardError `engine_missing` */
export async function openCompose(
  effects: InfraEffects,
  stack: Stack,
  options: { readonly engine: string | undefined; readonly profiles?: readonly string[] },
): Promise<{ engine: Engine; compose: Compose }> {
  const engine = await findEngine(effects, options.engine);
  const host = stack.settings.server.kind === 'host';
  const project: ComposeProject = {
    name: stack.settings.project,
    folder: stack.folder,
    files: [COMPOSE_FILE, ...(host ? [HOST_OVERRIDE_FILE] : [])],
    secretsFile: stack.secretsFile,
    profiles: options.profiles ?? [],
  };
  return { engine, compose: createCompose(effects, engine, project) };
}

/** @throws AsgardError `not_up` when the stack was never started here */
export async function verifyWritten(effects: InfraEffects, stack: Stack): Promise<void> {
  if ((await effects.files.read(stack.secretsFile)) !== undefined) return;
  throw new AsgardError('not_up', `There is no stack in ${stack.directory} yet. Start it: asgard infra up`);
}

function readPort(text: string | undefined): number | undefined {
  try {
    const { port } = JSON.parse(text ?? '{}') as { port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}

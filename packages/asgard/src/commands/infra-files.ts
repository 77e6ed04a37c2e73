import { join } from 'node:path';
import { AsgardError } from '../errors.ts';
import { infraFiles } from '../infra/files.ts';
import { EJECTED_FOLDER, keepFlags, openCompose, verifyWritten } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';

export interface InfraConfigFlags extends InfraFlags {
  /** One file, by its path in the folder of the stack. */
  readonly file?: string;
  /** As compose understands it, secrets filled in: needs an engine. */
  readonly resolved?: boolean;
}

/** Prints the files of the stack, whatever was started. */
export async function infraConfig(flags: InfraConfigFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  if (flags.resolved === true) {
    await verifyWritten(effects, stack);
    const { compose } = await openCompose(effects, stack, { engine });
    io.stdout.write(await compose.config());
    return 0;
  }
  const files = infraFiles(stack.settings);
  const wanted = flags.file === undefined ? files : files.filter(({ path }) => path === flags.file);
  if (wanted.length === 0) {
    throw new AsgardError(
      'usage',
      `There is no file "${flags.file}". Files: ${files.map(({ path }) => path).join(', ')}.`,
    );
  }
  if (flags.json === true) printJson(io, { ok: true, folder: stack.folder, settings: stack.settings, files: wanted });
  else if (flags.file !== undefined) io.stdout.write(wanted[0]?.content ?? '');
  else io.stdout.write(wanted.map(({ path, content }) => `### ${path}\n${content}`).join('\n'));
  return 0;
}

/** Copies the files of the stack into the project, which owns them from then on. They hold no secret. */
export async function infraEject(flags: InfraFlags, io: Io): Promise<number> {
  const { effects, stack } = await openInfra(flags, io);
  if (stack.ejected) {
    throw new AsgardError('file_exists', `${EJECTED_FOLDER} is there already. Move it away to begin anew.`);
  }
  const files = infraFiles(stack.settings);
  const folder = join(stack.directory, EJECTED_FOLDER);
  for (const { path, content } of files) await effects.files.write(join(folder, path), content, 0o644);
  await keepFlags(effects, stack);
  if (flags.json === true) printJson(io, { ok: true, folder, files: files.map(({ path }) => path) });
  else {
    io.stderr.write(
      `${files.length} files are in ${EJECTED_FOLDER}. They are yours: "asgard infra up" uses them and writes no others.\n`,
    );
  }
  return 0;
}

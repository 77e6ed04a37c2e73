import { dirname, join } from 'node:path';
import { CreateError } from './errors.ts';
import type { Io } from './io.ts';
import type { PlannedFile } from './plan.ts';

/** What may stand in the folder already; the user's own file of the same name is kept. */
const HARMLESS = new Set([
  '.git',
  '.gitattributes',
  '.gitignore',
  '.DS_Store',
  '.idea',
  '.vscode',
  'LICENSE',
  'README.md',
]);

/** Names in the way of a new project in this folder. @throws CreateError `folder_conflict` when it is not a folder. */
export async function findConflicts(io: Io, directory: string): Promise<string[]> {
  const kind = await io.files.kind(directory);
  if (kind === undefined) return [];
  if (kind === 'file') throw new CreateError('folder_conflict', `${directory} is a file. Choose another name.`);
  return (await io.files.list(directory)).filter((name) => !HARMLESS.has(name));
}

/**
 * Writes all files or none: first into a folder beside the target, which then takes the target's name. Files of an
 * existing folder are put back when something fails half-way.
 * @throws CreateError `write_failed` or `cancelled`
 */
export async function writeProject(
  io: Io,
  files: readonly PlannedFile[],
  { directory, overwrite }: { directory: string; overwrite: boolean },
): Promise<void> {
  const draft = join(dirname(directory), `.create-asgard-${io.randomId()}`);
  const undo: (() => Promise<void>)[] = [];
  try {
    const made = await io.files.makeFolder(dirname(directory));
    if (made !== undefined) undo.push(() => io.files.remove(made));
    undo.push(() => io.files.remove(draft));
    for (const file of files) {
      stopWhenInterrupted(io);
      await io.files.makeFolder(dirname(join(draft, file.path)));
      await io.files.write(join(draft, file.path), file.content);
    }
    stopWhenInterrupted(io);
    if ((await io.files.kind(directory)) === undefined) await io.files.move(draft, directory);
    else await merge(io, files, { draft, directory, overwrite, undo });
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    if (error instanceof CreateError) throw error;
    throw new CreateError('write_failed', `Could not write the project, nothing is left behind: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

interface Merge {
  readonly draft: string;
  readonly directory: string;
  readonly overwrite: boolean;
  readonly undo: (() => Promise<void>)[];
}

async function merge(
  io: Io,
  files: readonly PlannedFile[],
  { draft, directory, overwrite, undo }: Merge,
): Promise<void> {
  const replaced = join(draft, '.replaced');
  for (const { path } of files) {
    stopWhenInterrupted(io);
    const target = join(directory, path);
    if ((await io.files.kind(target)) !== undefined) {
      if (!overwrite) continue;
      const kept = join(replaced, path);
      await io.files.makeFolder(dirname(kept));
      await io.files.move(target, kept);
      undo.push(() => io.files.move(kept, target));
    }
    const made = await io.files.makeFolder(dirname(target));
    if (made !== undefined) undo.push(() => io.files.remove(made));
    await io.files.move(join(draft, path), target);
    undo.push(() => io.files.remove(target));
  }
  await io.files.remove(draft);
}

function stopWhenInterrupted(io: Io): void {
  if (io.interrupted.aborted) throw new CreateError('cancelled', 'Cancelled, nothing was created.');
}

/** Without the name of the draft, which nobody has heard of and which is gone. */
function reasonOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (path !== undefined && (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')) {
    return `${dirname(path)} is not yours to write in (${code}).`;
  }
  return error instanceof Error ? error.message : String(error);
}

import { join } from 'node:path';
import { parsePart } from '../add/part.ts';
import { registerPart } from '../add/register.ts';
import { formatPart, formatPartTest } from '../add/source.ts';
import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findProject } from '../project.ts';

const SERVER_FILES = ['src/server.ts', 'src/main.ts'];

/** Writes a part of the server and its test, and registers it. Nothing is written when one of the three cannot be. */
export async function add(
  [kind = '', name = '']: readonly string[],
  flags: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const part = parsePart(kind, name);
  const { directory } = await findProject(io);
  for (const file of [part.sourceFile, part.testFile]) {
    if ((await io.files.read(join(directory, file))) !== undefined) {
      throw new AsgardError('file_exists', `${file} is there already. Choose another name.`);
    }
  }
  for (const serverFile of SERVER_FILES) {
    const source = await io.files.read(join(directory, serverFile));
    const registered = source === undefined ? undefined : registerPart(source, part);
    if (registered === undefined) continue;
    await io.files.write(join(directory, part.sourceFile), formatPart(part));
    await io.files.write(join(directory, part.testFile), formatPartTest(part));
    await io.files.write(join(directory, serverFile), registered);
    const files = [part.sourceFile, part.testFile, serverFile];
    io.stdout.write(flags.json === true ? `${JSON.stringify({ ok: true, files })}\n` : `${files.join('\n')}\n`);
    return 0;
  }
  throw new AsgardError(
    'bad_file',
    `Neither ${SERVER_FILES.join(' nor ')} has "const odin = new OdinServer(...);". Make the server there, or register by hand.`,
  );
}

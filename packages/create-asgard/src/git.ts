import type { Io } from './io.ts';
import { formatShellWords } from './shell-words.ts';

const STEPS = [
  ['init', '--quiet'],
  ['add', '--all'],
  ['commit', '--quiet', '--message', 'Start from create-asgard'],
] as const;

/** So it is on every new machine. */
const NAMELESS =
  'git does not know who you are, so the files are added but not committed. Tell it with git config --global user.name NAME and git config --global user.email ADDRESS; then, in the folder:';

/**
 * A repository with one commit, unless the project lies in one already.
 * @returns what went wrong and how to do it by hand, or undefined
 */
export async function makeRepository(io: Io, directory: string): Promise<string | undefined> {
  const git = (args: readonly string[]) => io.execute('git', args, { cwd: directory, quiet: true });
  const inside = await git(['rev-parse', '--is-inside-work-tree']);
  if (inside === 0) return undefined;
  if (inside === 127) return 'git was not found, so there is no repository yet.';
  for (const step of STEPS) {
    if ((await git(step)) === 0) continue;
    const again = formatShellWords(['git', ...step]);
    if (step[0] === 'commit' && (await git(['var', 'GIT_COMMITTER_IDENT'])) !== 0) return `${NAMELESS} ${again}`;
    return `git ${step[0]} failed. Repeat it in the folder: ${again}`;
  }
  return undefined;
}

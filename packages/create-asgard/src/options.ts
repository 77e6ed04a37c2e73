import { Command, CommanderError, Option } from 'commander';
import { CreateError } from './errors.ts';
import type { Io } from './io.ts';
import { PACKAGE_MANAGERS, type PackageManager } from './package-manager.ts';

/** The command line, read but not yet judged. `undefined`: not said. */
export interface Options {
  readonly directory: string | undefined;
  readonly template: string | undefined;
  readonly packageManager: PackageManager | undefined;
  readonly install: boolean | undefined;
  readonly git: boolean | undefined;
  readonly agents: boolean;
  /** Install from the package manager's cache alone. */
  readonly offline: boolean;
  readonly yes: boolean;
  readonly overwrite: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly listTemplates: boolean;
}

/**
 * @returns undefined when the answer (help, version) has been printed already
 * @throws CreateError `usage`
 */
export function parseOptions(args: readonly string[], io: Io): Options | undefined {
  const command = createCommand(io);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new CreateError('usage', oneLine(error.message));
  }
  const flags = command.opts();
  const [directory, ...stray] = command.args;
  refuseStray(directory, stray, io);
  return {
    directory,
    template: flags.template,
    packageManager: flags.pm,
    install: flags.install,
    git: flags.git,
    agents: flags.agents,
    offline: flags.offline === true,
    yes: flags.yes === true,
    overwrite: flags.overwrite === true,
    dryRun: flags.dryRun === true,
    json: flags.json === true,
    listTemplates: flags.listTemplates === true,
  };
}

function createCommand(io: Io): Command {
  return new Command('create-asgard')
    .description('Make a new MCP server project, ready to run.')
    .argument('[directory]', 'folder of the new project')
    .allowExcessArguments()
    .option('-t, --template <name>', 'template to start from; --list-templates names them')
    .addOption(new Option('--pm <name>', 'package manager (default: the one that runs this)').choices(PACKAGE_MANAGERS))
    .option('--install', 'install the dependencies (default)')
    .option('--no-install', 'leave the dependencies to you')
    .option('--offline', 'install from the cache of npm or pnpm, without network')
    .option('--git', 'make a git repository (default)')
    .option('--no-git', 'make no git repository')
    .option('--no-agents', 'leave AGENTS.md out')
    .option('-y, --yes', 'ask nothing, take the defaults')
    .option('--overwrite', 'replace files of the same name in a folder that is not empty')
    .option('--dry-run', 'print what would be written, write nothing')
    .option('--json', 'print one JSON object on stdout')
    .option('--list-templates', 'print the templates')
    .version(io.version, '-v, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => undefined,
      outputError: () => undefined,
    });
}

/** npm takes flags without `--` for itself: they come as stray words and as `npm_config_*`. */
function refuseStray(directory: string | undefined, stray: readonly string[], io: Io): void {
  const eaten = eatenFlags(io.env);
  if (stray.length === 0 && eaten.length === 0) return;
  const target = directory ?? 'my-server';
  if (eaten.length > 0) {
    // The value of a flag that npm did not know is left over.
    const again = eaten.map((flag) => (flag === '--template' ? `${flag} ${stray[0] ?? 'NAME'}` : flag));
    throw new CreateError(
      'usage',
      `npm kept ${eaten.join(', ')} for itself. Put -- before the flags: npm create asgard ${target} -- ${again.join(' ')}`,
    );
  }
  throw new CreateError(
    'usage',
    `One folder is enough, but there is also "${stray.join(' ')}". With npm, flags come after --: npm create asgard ${target} -- --template NAME`,
  );
}

function eatenFlags(env: Io['env']): string[] {
  const flags: string[] = [];
  if (env.npm_config_template !== undefined) flags.push('--template');
  if (env.npm_config_install === '' || env.npm_config_install === 'false') flags.push('--no-install');
  if (env.npm_config_git === '' || env.npm_config_git === 'false') flags.push('--no-git');
  if (env.npm_config_overwrite !== undefined) flags.push('--overwrite');
  if (env.npm_config_list_templates !== undefined) flags.push('--list-templates');
  if (env.npm_config_dry_run === 'true') flags.push('--dry-run');
  return flags;
}

function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^./, (first) => first.toUpperCase());
}

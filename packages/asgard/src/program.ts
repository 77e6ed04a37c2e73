import { Argument, Command, CommanderError, Option } from 'commander';
import type { CommandNode } from './command-node.ts';
import { COMMANDS } from './command-tree.ts';
import { AsgardError } from './errors.ts';
import type { Io } from './io.ts';
import { isNodeSupported, OLDEST_NODE } from './node-version.ts';
import { explainUsage } from './usage.ts';

/** The whole program. @returns the exit code: 0 ok, 1 failed, 2 usage, 3 missing prerequisite, 4 timed out, 130 Ctrl-C */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  try {
    requireNode(io.nodeVersion);
    const program = createProgram(io, (code) => {
      exitCode = code;
    });
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return report(error, args.includes('--json'), io);
  }
}

function createProgram(io: Io, exit: (code: number) => void): Command {
  const program = prepare(new Command('asgard'), io)
    .description('Run, call and inspect an MCP server with its whole chain.')
    .version(io.version, '-v, --version');
  for (const node of COMMANDS) program.addCommand(createCommand(node, io, exit));
  return program;
}

function createCommand(node: CommandNode, io: Io, exit: (code: number) => void): Command {
  const command = prepare(new Command(node.name), io).description(node.summary);
  for (const [syntax, description, choices] of node.arguments ?? []) {
    const argument = new Argument(syntax, description);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  for (const { flags, description, fallback, parse = String, repeatable } of node.options) {
    const option = new Option(flags, description);
    if (repeatable) option.argParser((text, before: readonly unknown[] = []) => [...before, parse(text)]);
    else if (option.required || option.optional) option.argParser(parse);
    if (fallback !== undefined) option.default(fallback);
    command.addOption(option);
  }
  for (const child of node.commands ?? []) command.addCommand(createCommand(child, io, exit));
  const { run: action } = node;
  if (action !== undefined) {
    command.action(async () => {
      exit(await action(command.args, command.opts(), io));
    });
  }
  return command;
}

function prepare(command: Command, io: Io): Command {
  const explain = (error: CommanderError): never => {
    throw explainUsage(error, command);
  };
  return command.exitOverride(explain).configureOutput({
    writeOut: (text) => io.stdout.write(text),
    // The help of a group that was called without one of its commands; errors are reported at the end.
    writeErr: (text) => io.stderr.write(text),
    outputError: () => undefined,
  });
}

function requireNode(version: string): void {
  if (isNodeSupported(version)) return;
  throw new AsgardError('node_too_old', `Asgard needs Node ${OLDEST_NODE} or later; this is ${version}.`);
}

/** One line for people; with `--json` one object for programs as well, whatever the command. */
function report(error: unknown, json: boolean, io: Io): number {
  const { code, message: said, exitCode } = failureOf(error);
  // Part of it may be the word of a server, which must not move the cursor or colour the screen.
  const message = said.replaceAll(/[^\P{Cc}\n\t]/gu, '');
  if (json) io.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`);
  if (error instanceof CommanderError && error.code === 'commander.help') return exitCode;
  // A terminal has written ^C where the cursor was.
  const start = code === 'cancelled' && io.stderr.isTTY ? '\n' : '';
  io.stderr.write(`${start}asgard: ${message}\n`);
  return exitCode;
}

function failureOf(error: unknown): { code: string; message: string; exitCode: number } {
  if (error instanceof AsgardError) return error;
  if (error instanceof CommanderError) return { code: 'usage', message: 'Name one of its commands.', exitCode: 2 };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error), exitCode: 1 };
}

import type { CommandNode, OptionNode } from './command-node.ts';
import { JSON_FLAG, parsePort, parseSeconds, parseUrl } from './common-options.ts';
import { type CompletedCommand, formatCompletion, SHELLS, type Shell } from './completion.ts';
import { DOCTOR, INFRA } from './infra-tree.ts';
import { PROJECT } from './project-tree.ts';
import { parseScope } from './scope.ts';

const SCOPE: OptionNode = {
  flags: '-s, --scope <scope>',
  description: 'ask for a token with this scope; may be given several times (default: what the server asks for)',
  parse: parseScope,
  repeatable: true,
};

/** Everything the command can do. Help, parsing and the shell completion come from this one list. */
export const COMMANDS: readonly CommandNode[] = [
  {
    name: 'dev',
    summary: 'run the server behind proxy, gateway and identity provider, and reload it on change',
    arguments: [['[entry]', 'file that starts the server (default: src/main.ts)']],
    options: [
      {
        flags: '-p, --port <number>',
        description: 'public port; the next free one when it is taken',
        fallback: 7999,
        parse: parsePort(0),
      },
      { flags: '--no-console', description: 'without the console page' },
      { flags: '--json', description: 'print one JSON object a line instead of the screen' },
    ],
    run: async ([entry], flags, io) => {
      const { dev } = await import('./commands/dev.ts');
      return dev(entry, flags as never, io);
    },
  },
  {
    name: 'call',
    summary: 'call a tool of the running server as a signed-in user, or list the tools',
    arguments: [
      ['[tool]', 'name of the tool; without it, all tools are listed'],
      ['[key=value...]', 'arguments; values are JSON where they can be, key:=json insists on it'],
    ],
    options: [
      { flags: '-u, --user <name>', description: 'who calls (default: the first development user)' },
      { flags: '--url <url>', description: 'MCP endpoint (default: the running asgard dev)', parse: parseUrl },
      { flags: '--token <token>', description: 'access token to use (default: ASGARD_TOKEN, or sign in)' },
      SCOPE,
      {
        flags: '--timeout <seconds>',
        description: 'give up after so long without a sign of life',
        fallback: 60,
        parse: parseSeconds,
      },
      { flags: '--json', description: 'print the whole result as JSON' },
    ],
    run: async (words, flags, io) => {
      const { call } = await import('./commands/call.ts');
      return call(words, flags as never, io);
    },
  },
  {
    name: 'token',
    summary: 'print an access token of a development user, or for any server after a sign-in in the browser',
    options: [
      { flags: '-u, --user <name>', description: 'whose token (default: the first development user)' },
      {
        flags: '--url <url>',
        description: 'MCP endpoint of another server; its token is kept and renewed',
        parse: parseUrl,
      },
      SCOPE,
      JSON_FLAG,
    ],
    run: async (_, flags, io) => {
      const { token } = await import('./commands/token.ts');
      return token(flags as never, io);
    },
  },
  ...PROJECT,
  INFRA,
  DOCTOR,
  {
    name: 'completion',
    summary: 'print a script that completes commands and flags in your shell',
    arguments: [['<shell>', 'which shell', SHELLS]],
    options: [],
    run: async ([shell], _, io) => {
      io.stdout.write(formatCompletion(shell as Shell, COMMANDS.map(toCompleted)));
      return 0;
    },
  },
];

function toCompleted({ name, summary, arguments: words = [], options, commands = [] }: CommandNode): CompletedCommand {
  const flags = [options, ...commands.map((child) => child.options)].flat();
  return {
    name,
    summary,
    words: [...(words[0]?.[2] ?? []), ...commands.map((child) => child.name)],
    flags: [...new Set([...flags.flatMap((option) => /--[\w-]+/.exec(option.flags) ?? []), '--help'])],
  };
}

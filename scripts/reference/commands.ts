import type { CommandNode } from '../../packages/asgard/src/command-node.ts';

/** The reference page of the `asgard` command, from the tree that also parses its arguments. */
export function formatCommands(commands: readonly CommandNode[]): string {
  return [
    '# The `asgard` command',
    '',
    '<!-- Made from the command tree by `npm run reference`. Do not edit. -->',
    '',
    'Results are on standard output, everything else on standard error. Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 something is missing,',
    '4 timed out or unhealthy, 130 Ctrl-C. `asgard COMMAND --help` says the same in the terminal.',
    '',
    ...commands.flatMap((command) => formatCommand(command, 'asgard', '##')),
  ].join('\n');
}

function formatCommand(command: CommandNode, parent: string, heading: string): string[] {
  const { name, summary, arguments: words = [], options, commands = [] } = command;
  const path = `${parent} ${name}`;
  const syntax = [path, ...words.map(([word]) => word), ...(commands.length > 0 ? ['<command>'] : [])].join(' ');
  const rows = [
    ...words.map(([word, text, choices]) => [word, choices === undefined ? text : `${text}: ${choices.join(', ')}`]),
    ...options.map(({ flags, description, fallback }) => [
      flags,
      fallback === undefined ? description : `${description} (default: ${fallback})`,
    ]),
  ];
  return [
    `${heading} \`${syntax}\``,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    ...formatTable(rows),
    ...commands.flatMap((child) => formatCommand(child, path, `${heading}#`)),
  ];
}

function formatTable(rows: readonly (readonly (string | undefined)[])[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(([what = '', text = '']) => `| \`${escapeCell(what)}\` | ${escapeCell(text)} |`);
  return ['| | |', '| --- | --- |', ...lines, ''];
}

/** Inside of a table also code must not have a bare `|`. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

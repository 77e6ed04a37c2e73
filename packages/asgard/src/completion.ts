/** What a shell completes: the commands, and for each its flags and the words it takes. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that teaches the shell to complete `asgard`. */
export function formatCompletion(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return formatBash(commands);
    case 'zsh':
      return formatZsh(commands);
    case 'fish':
      return formatFish(commands);
  }
}

function formatBash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, words, flags }) => `    ${name}) words="${[...words, ...flags].join(' ')}" ;;`);
  return `# asgard completion for bash: eval "$(asgard completion bash)"
_asgard() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')} --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _asgard asgard
`;
}

function formatZsh(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const cases = commands.map(
    ({ name, words, flags }) => `    ${name}) compadd -- ${[...words, ...flags].join(' ')} ;;`,
  );
  return `#compdef asgard
# asgard completion for zsh: eval "$(asgard completion zsh)" after compinit
_asgard() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
compdef _asgard asgard
`;
}

function formatFish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, words, flags }) => [
    `complete -c asgard -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...words.map((word) => `complete -c asgard -n '__fish_seen_subcommand_from ${name}' -f -a ${word}`),
    ...flags.map((flag) => `complete -c asgard -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ]);
  return `# asgard completion for fish: asgard completion fish | source\n${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

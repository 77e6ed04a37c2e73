import type { Command, CommanderError } from 'commander';
import { AsgardError } from './errors.ts';

/** What commander found wrong with the words of a command, in one line that says how it is right. */
export function explainUsage(error: CommanderError, command: Command): CommanderError | AsgardError {
  if (error.exitCode === 0 || error.code === 'commander.help') return error;
  return new AsgardError('usage', describe(error, command), { cause: error });
}

function describe({ code, message }: CommanderError, command: Command): string {
  const said = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  switch (code) {
    case 'commander.missingArgument': {
      const missing = command.registeredArguments.find((argument) => said.includes(`'${argument.name()}'`));
      const choices = missing?.argChoices === undefined ? '' : `, which is one of ${missing.argChoices.join(', ')}`;
      return `${said}${choices}. Usage: ${usageOf(command)}`;
    }
    case 'commander.invalidArgument': {
      const [, value, name] = /^command-argument value '(.*)' is invalid for argument '(.*)'/.exec(said) ?? [];
      const choices = command.registeredArguments.find((argument) => argument.name() === name)?.argChoices;
      if (choices === undefined) return said;
      return `'${value}' cannot be <${name}>, which is one of ${choices.join(', ')}. Usage: ${usageOf(command)}`;
    }
    case 'commander.unknownOption':
    case 'commander.unknownCommand':
      return said.includes('Did you mean') ? said : `${said}. See ${pathOf(command)} --help`;
    case 'commander.excessArguments':
      return `${said} Usage: ${usageOf(command)}`;
    default:
      return said;
  }
}

function usageOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  return [pathOf(command), ...words].join(' ');
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

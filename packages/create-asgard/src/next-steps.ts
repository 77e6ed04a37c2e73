import { relative } from 'node:path';
import type { Answers } from './answers.ts';
import { installCommand, scriptCommand } from './package-manager.ts';
import { formatShellWords } from './shell-words.ts';

/** The commands that come next, ready to be pasted. */
export function nextSteps(answers: Answers, state: { cwd: string; installed: boolean }): string[] {
  const steps: string[] = [];
  const path = relative(state.cwd, answers.directory);
  if (path !== '') steps.push(formatShellWords(['cd', path]));
  if (!state.installed) steps.push(installCommand(answers.packageManager, answers.offline).join(' '));
  steps.push(scriptCommand(answers.packageManager, 'dev'));
  return steps;
}

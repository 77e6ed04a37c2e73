import inquirer from 'inquirer';
import { CreateError } from './errors.ts';
import type { Question } from './io.ts';

/** Loaded only when a question is really asked: it is most of this package's weight. */
export async function prompt(
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<Record<string, string | boolean>> {
  const ask = inquirer.createPromptModule({ signal });
  const answers: Record<string, string | boolean> = {};
  try {
    for (const question of questions) Object.assign(answers, await askOne(ask, question));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    throw new CreateError('cancelled', 'Cancelled, nothing was created.', { cause: error });
  }
  return answers;
}

type Ask = ReturnType<typeof inquirer.createPromptModule<never>>;

function askOne(ask: Ask, question: Question): Promise<Record<string, string | boolean>> {
  const { name, message } = question;
  switch (question.kind) {
    case 'text': {
      const validate = (value: string): string | true => question.problem(value) ?? true;
      return ask([{ type: 'input', name, message, default: question.initial, validate }]);
    }
    case 'choice':
      return ask([
        {
          type: 'select',
          name,
          message,
          choices: question.choices.map(({ value, label }) => ({ value, name: label })),
        },
      ]);
    case 'yes-no':
      return ask([{ type: 'confirm', name, message, default: question.initial }]);
  }
}

function isCancellation(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name);
}

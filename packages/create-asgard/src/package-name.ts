import { isBuiltin } from 'node:module';

const MAX_LENGTH = 214;

/** Every rule of npm that the name breaks, in words; empty when the name is good. */
export function packageNameProblems(name: string): string[] {
  if (name === '') return ['it is empty'];
  const problems: string[] = [];
  if (name.length > MAX_LENGTH) problems.push(`it is longer than ${MAX_LENGTH} characters`);
  if (name !== name.toLowerCase()) problems.push('it has capital letters');
  if (/^[._-]/.test(name)) problems.push('it starts with a dot, an underscore or a dash');
  if (/[^a-z0-9._-]/i.test(name))
    problems.push('it has characters other than letters, digits, dots, dashes and underscores');
  if (name === 'node_modules' || name === 'favicon.ico' || isBuiltin(name)) problems.push('the name is reserved');
  return problems;
}

/** The nearest name that npm takes, for a suggestion. */
export function suggestPackageName(text: string): string {
  const name = text
    // A letter with an accent is better without it than not at all.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  return packageNameProblems(name).length === 0 ? name : 'my-server';
}

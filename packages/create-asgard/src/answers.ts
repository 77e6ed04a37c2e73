import { basename, resolve } from 'node:path';
import { CreateError } from './errors.ts';
import type { Io, Question } from './io.ts';
import type { Options } from './options.ts';
import { detectPackageManager, OFFLINE_MANAGERS, type PackageManager } from './package-manager.ts';
import { packageNameProblems, suggestPackageName } from './package-name.ts';
import { requireTemplate, type TemplateSummary } from './template.ts';

/** All that has to be known before the first byte is written. */
export interface Answers {
  /** Absolute. */
  readonly directory: string;
  /** As the user wrote it. */
  readonly typedDirectory: string;
  readonly name: string;
  readonly template: string;
  readonly packageManager: PackageManager;
  readonly install: boolean;
  readonly git: boolean;
  readonly agents: boolean;
  readonly offline: boolean;
}

const DEFAULT_DIRECTORY = 'my-server';

/**
 * Flags first, then questions on a terminal, then defaults.
 * @throws CreateError `usage`, `name_invalid`, `template_unknown` or `cancelled`
 */
export async function resolveAnswers(
  options: Options,
  templates: readonly TemplateSummary[],
  io: Io,
): Promise<Answers> {
  if (options.template !== undefined) requireTemplate(options.template, templates);
  if (options.directory !== undefined) requireName(options.directory, io.cwd);
  const asked = isInteractive(options, io) ? await io.ask(openQuestions(options, templates, io)) : {};
  const typedDirectory = options.directory ?? asked.directory ?? (options.yes ? DEFAULT_DIRECTORY : undefined);
  if (typeof typedDirectory !== 'string') {
    throw new CreateError(
      'usage',
      `Name the folder: create-asgard ${DEFAULT_DIRECTORY} (or pass --yes to take that name).`,
    );
  }
  requireName(typedDirectory, io.cwd);
  const directory = resolve(io.cwd, typedDirectory);
  const template = options.template ?? asked.template ?? templates[0]?.name;
  return {
    directory,
    typedDirectory,
    name: packageNameOf(directory),
    template: String(template),
    packageManager: choosePackageManager(options, io),
    install: options.install ?? asked.install !== false,
    git: options.git ?? true,
    agents: options.agents,
    offline: options.offline,
  };
}

function choosePackageManager({ packageManager, offline }: Options, io: Io): PackageManager {
  const manager = packageManager ?? detectPackageManager(io.env.npm_config_user_agent);
  if (!offline || OFFLINE_MANAGERS.includes(manager)) return manager;
  throw new CreateError('usage', `${manager} cannot install offline. Use --pm ${OFFLINE_MANAGERS.join(' or --pm ')}.`);
}

function isInteractive(options: Options, io: Io): boolean {
  const refused = options.yes || options.json || options.dryRun || isSet(io.env.CI);
  return io.stdin.isTTY && io.stdout.isTTY && !refused;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function openQuestions(options: Options, templates: readonly TemplateSummary[], io: Io): Question[] {
  const questions: Question[] = [];
  if (options.directory === undefined) {
    questions.push({
      kind: 'text',
      name: 'directory',
      message: 'Folder of the new project',
      initial: DEFAULT_DIRECTORY,
      problem: (value) => nameProblem(value, io.cwd),
    });
  }
  if (options.template === undefined && templates.length > 1) {
    const choices = templates.map(({ name, description }) => ({ value: name, label: `${name}: ${description}` }));
    questions.push({ kind: 'choice', name: 'template', message: 'Template', choices });
  }
  if (options.install === undefined) {
    questions.push({ kind: 'yes-no', name: 'install', message: 'Install the dependencies now?', initial: true });
  }
  return questions;
}

function requireName(directory: string, cwd: string): void {
  const problem = nameProblem(directory, cwd);
  if (problem !== undefined) throw new CreateError('name_invalid', problem);
}

function nameProblem(directory: string, cwd: string): string | undefined {
  // The working folder has its name already: the package gets one that npm takes.
  if (directory.trim() !== '' && resolve(cwd, directory) === cwd) return undefined;
  const name = directory.trim() === '' ? '' : basename(resolve(cwd, directory));
  const problems = packageNameProblems(name);
  if (problems.length === 0) return undefined;
  return `"${name}" cannot be the name of a package: ${problems.join(', ')}. Try ${suggestPackageName(name)}.`;
}

function packageNameOf(directory: string): string {
  const name = basename(directory);
  return packageNameProblems(name).length === 0 ? name : suggestPackageName(name);
}

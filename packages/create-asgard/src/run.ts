import { type Answers, resolveAnswers } from './answers.ts';
import { CreateError } from './errors.ts';
import { makeRepository } from './git.ts';
import type { Io } from './io.ts';
import { nextSteps } from './next-steps.ts';
import { type Options, parseOptions } from './options.ts';
import { installCommand } from './package-manager.ts';
import { type PlannedFile, planProject } from './plan.ts';
import { listTemplates, readTemplate, type TemplateSummary } from './template.ts';
import { findConflicts, writeProject } from './write.ts';

const MINIMUM_NODE = [20, 19] as const;

/** The whole program. @returns the exit code: 0 made, 1 failed, 2 usage, 3 Node too old, 130 Ctrl-C */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    requireNode(io.nodeVersion);
    const options = parseOptions(args, io);
    if (options === undefined) return 0;
    const templates = await listTemplates(io);
    if (options.listTemplates) return printTemplates(templates, options, io);
    return await create(options, await resolveAnswers(options, templates, io), io);
  } catch (error) {
    return report(error, args.includes('--json'), io);
  }
}

async function create(options: Options, answers: Answers, io: Io): Promise<number> {
  if (!options.overwrite) await refuseConflicts(io, answers);
  const files = planProject(await readTemplate(io, answers.template), { answers, version: io.version });
  if (options.dryRun) return printPlan(files, answers, options, io);
  await writeProject(io, files, { directory: answers.directory, overwrite: options.overwrite });
  const installed = answers.install && (await install(io, answers));
  const warning = answers.git && !io.interrupted.aborted ? await makeRepository(io, answers.directory) : undefined;
  if (warning !== undefined) io.stderr.write(`create-asgard: ${warning}\n`);
  printResult(files, { answers, options, installed, io });
  if (io.interrupted.aborted) return 130;
  return answers.install && !installed ? 1 : 0;
}

async function refuseConflicts(io: Io, answers: Answers): Promise<void> {
  const conflicts = await findConflicts(io, answers.directory);
  if (conflicts.length === 0) return;
  const shown =
    conflicts.slice(0, 10).join(', ') + (conflicts.length > 10 ? `, and ${conflicts.length - 10} more` : '');
  throw new CreateError(
    'folder_conflict',
    `${answers.typedDirectory} is not empty: ${shown}. Choose another folder or pass --overwrite.`,
  );
}

async function install(io: Io, answers: Answers): Promise<boolean> {
  const [command, ...args] = installCommand(answers.packageManager, answers.offline);
  const line = [command, ...args].join(' ');
  io.stderr.write(`Installing with ${command} ...\n`);
  const exitCode = await io.execute(command, args, { cwd: answers.directory });
  if (exitCode === 0) return true;
  const reason = exitCode === 127 ? `${command} was not found` : `"${line}" failed`;
  io.stderr.write(`create-asgard: ${reason}. The project is complete; run "${line}" in it.\n`);
  return false;
}

interface Result {
  readonly answers: Answers;
  readonly options: Options;
  readonly installed: boolean;
  readonly io: Io;
}

function printResult(files: readonly PlannedFile[], { answers, options, installed, io }: Result): void {
  const steps = nextSteps(answers, { cwd: io.cwd, installed });
  if (options.json) {
    const ok = installed || !answers.install;
    const { directory, template, packageManager } = answers;
    const sizes = files.map((file) => ({ path: file.path, bytes: file.content.byteLength }));
    printJson(io, {
      ok,
      version: io.version,
      directory,
      template,
      packageManager,
      installed,
      files: sizes,
      nextSteps: steps,
    });
    return;
  }
  io.stdout.write(
    `\nMade ${answers.typedDirectory} from the ${answers.template} template (Asgard ${io.version}). Next:\n\n` +
      steps.map((step) => `  ${step}\n`).join(''),
  );
}

function printPlan(files: readonly PlannedFile[], answers: Answers, options: Options, io: Io): number {
  const sizes = files.map((file) => ({ path: file.path, bytes: file.content.byteLength }));
  if (options.json) {
    printJson(io, { ok: true, dryRun: true, directory: answers.directory, template: answers.template, files: sizes });
    return 0;
  }
  io.stdout.write(`Would write ${files.length} files into ${answers.directory}:\n`);
  for (const { path, bytes } of sizes) io.stdout.write(`  ${String(bytes).padStart(6)}  ${path}\n`);
  return 0;
}

function printTemplates(templates: readonly TemplateSummary[], options: Options, io: Io): number {
  if (options.json) printJson(io, { ok: true, templates });
  else for (const { name, description } of templates) io.stdout.write(`${name}  ${description}\n`);
  return 0;
}

function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new CreateError('node_too_old', `Asgard needs Node ${MINIMUM_NODE.join('.')} or later; this is ${version}.`);
}

function report(error: unknown, json: boolean, io: Io): number {
  const known = error instanceof CreateError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (json) printJson(io, { ok: false, error: { code: known?.code ?? 'failed', message } });
  io.stderr.write(`create-asgard: ${message}\n`);
  return known?.exitCode ?? 1;
}

function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

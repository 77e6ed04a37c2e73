import { AsgardError } from '../../errors.ts';
import type { Finished, InfraEffects } from '../effects.ts';
import { type Container, parseContainers } from './containers.ts';
import type { Engine } from './engine.ts';

/** Which project, and the files that describe it. */
export interface ComposeProject {
  readonly name: string;
  /** Absolute; relative paths in the files start here. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Absolute path of the env file with the secrets. */
  readonly secretsFile: string;
  readonly profiles: readonly string[];
}

/** The compose commands that the stack needs. */
export interface Compose {
  up(options: UpOptions): Promise<void>;
  down(options: { readonly volumes: boolean }): Promise<void>;
  /** Ends services that run, of any profile, and removes their containers. Data stays. */
  remove(services: readonly string[]): Promise<void>;
  containers(): Promise<readonly Container[]>;
  /** Names of the services that `up` starts. */
  services(): Promise<readonly string[]>;
  /** Runs a program in the container of a service. @returns what it printed */
  exec(service: string, program: { readonly command: readonly string[]; readonly input: string }): Promise<string>;
  /** The last lines of a service. */
  tail(service: string, lines: number): Promise<readonly string[]>;
  follow(options: FollowOptions): Promise<void>;
  /** The files as compose understands them, secrets filled in. */
  config(): Promise<string>;
}

export interface UpOptions {
  readonly pull: 'missing' | 'always' | 'never';
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface FollowOptions {
  readonly services: readonly string[];
  readonly follow: boolean;
  readonly since: string | undefined;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Speaks to compose of an engine. Every method throws AsgardError `engine_failed` with what compose said. */
export function createCompose(effects: InfraEffects, engine: Engine, project: ComposeProject): Compose {
  const base = [
    'compose',
    ...['--project-name', project.name, '--project-directory', project.folder, '--env-file', project.secretsFile],
    ...project.files.flatMap((file) => ['--file', `${project.folder}/${file}`]),
    ...project.profiles.flatMap((profile) => ['--profile', profile]),
  ];
  const run = async (
    args: readonly string[],
    options: { onLine?: (line: string) => void; signal?: AbortSignal; input?: string } = {},
  ) => {
    const finished = await effects.run(engine.name, [...base, ...args], { cwd: project.folder, ...options });
    if (options.signal?.aborted) throw new AsgardError('cancelled', 'Cancelled.');
    if (finished.exitCode !== 0) throw failure(engine.name, args[0] ?? '', finished);
    return finished.stdout;
  };
  return {
    async up({ pull, onLine, signal }) {
      // No --wait: it fails for what ends well, and tells nothing about what does not. Health is asked for afterwards.
      const args = ['up', '--detach', '--build', '--remove-orphans', '--pull', pull, '--quiet-pull'];
      const said: string[] = [];
      const note = (line: string): void => {
        said.push(line);
        onLine(line);
      };
      const finished = await effects.run(engine.name, [...base, ...args], {
        cwd: project.folder,
        onLine: note,
        signal,
      });
      if (signal.aborted) throw new AsgardError('cancelled', 'Cancelled.');
      if (finished.exitCode !== 0)
        throw failure(engine.name, 'up', { ...finished, stderr: said.slice(-10).join('\n') });
    },
    async down({ volumes }) {
      // Services of every profile, or what an earlier `up --profile` started would stay.
      await run(['--profile', '*', 'down', '--remove-orphans', ...(volumes ? ['--volumes'] : [])]);
    },
    async remove(services) {
      await run(['--profile', '*', 'rm', '--stop', '--force', ...services]);
    },
    containers: async () => parseContainers(await run(['ps', '--all', '--format', 'json'])),
    services: async () =>
      (await run(['config', '--services']))
        .split('\n')
        .map((name) => name.trim())
        .filter(Boolean)
        .sort(),
    exec: (service, { command, input }) => run(['exec', '-T', service, ...command], { input }),
    tail: async (service, lines) => {
      const output = await run(['logs', '--no-color', '--no-log-prefix', '--tail', String(lines), service]);
      return output
        .split('\n')
        .filter((line) => line !== '')
        .slice(-lines);
    },
    async follow({ services, follow, since, onLine, signal }) {
      const options = [...(follow ? ['--follow'] : []), ...(since === undefined ? [] : ['--since', since])];
      await run(['logs', '--no-color', ...options, ...services], { onLine, signal });
    },
    config: () => run(['config']),
  };
}

function failure(engine: string, command: string, { stderr, stdout }: Finished): AsgardError {
  const said = (stderr || stdout).trim().split('\n').slice(-10).join('\n');
  return new AsgardError('engine_failed', `${engine} compose ${command} failed:\n${said || 'it gave no reason'}`);
}

import type { Finished, InfraEffects, RunOptions } from '../../src/infra/effects.ts';
import { parseRealmFile } from '../../src/infra/keycloak/repair/realm-file.ts';
import { parseSecrets } from '../../src/infra/secrets.ts';
import type { MemoryIo } from '../memory-io.ts';
import { createFakeKeycloak, type FakeKeycloak } from './fake-keycloak.ts';

const STACK = '/desk/.asgard/infra';

export type Answer = Partial<Finished> & { readonly lines?: readonly string[] };

export interface FakeEffects extends InfraEffects {
  /** Every program that was run, in words. */
  readonly ran: string[];
  readonly modes: Map<string, number>;
  readonly opened: string[];
  readonly said: string[];
  /** In the container `heimdall`. */
  readonly keycloak: FakeKeycloak;
}

export interface FakeOptions {
  /** The first whose pattern fits the command counts; a list is answered one after another, the last for good. */
  readonly programs?: readonly (readonly [command: RegExp, answer: Answer | readonly Answer[]])[];
  readonly takenPorts?: readonly number[];
  readonly fetch?: typeof globalThis.fetch;
  readonly found?: readonly string[];
  readonly confirm?: boolean;
  readonly memoryBytes?: number;
  readonly platform?: string;
}

/** A world in memory: the disk of a MemoryIo, recorded answers of programs, a clock that only waiting moves. */
export function createFakeEffects(io: MemoryIo, options: FakeOptions = {}): FakeEffects {
  const asked = new Map<RegExp, number>();
  let clock = 0;
  let seed = 0;
  const effects: FakeEffects = {
    ran: [],
    modes: new Map(),
    opened: [],
    said: [],
    keycloak: createFakeKeycloak(() => {
      const file =
        io.disk.get('/desk/infra/compose/heimdall/realm.json') ?? io.disk.get(`${STACK}/heimdall/realm.json`);
      return parseRealmFile(file ?? '', parseSecrets(io.disk.get(`${STACK}/secrets.env`) ?? ''));
    }),
    files: {
      read: async (path) => io.disk.get(path),
      write: async (path, content, mode) => {
        io.disk.set(path, content);
        effects.modes.set(path, mode);
      },
      mode: async (path) => effects.modes.get(path),
      remove: async (path) => {
        for (const known of io.disk.keys()) if (known === path || known.startsWith(`${path}/`)) io.disk.delete(known);
      },
    },
    run: async (program, args, runOptions: RunOptions = {}) => {
      const command = [program, ...args].join(' ');
      effects.ran.push(command);
      const rule = options.programs?.find(([pattern]) => pattern.test(command));
      if (rule === undefined && / exec -T heimdall bash -c /.test(command)) {
        return { exitCode: 0, stdout: effects.keycloak.exchange(runOptions.input ?? ''), stderr: '', missing: false };
      }
      if (rule === undefined) return { exitCode: 1, stdout: '', stderr: '', missing: true };
      const [pattern, given] = rule;
      const answers = 'length' in given ? given : [given];
      const at = asked.get(pattern) ?? 0;
      asked.set(pattern, at + 1);
      const answer = answers[Math.min(at, answers.length - 1)] ?? {};
      for (const line of answer.lines ?? []) runOptions.onLine?.(line);
      return { exitCode: 0, stdout: '', stderr: '', missing: false, ...answer };
    },
    randomBytes: (size) => {
      seed += 1;
      return new Uint8Array(size).fill(seed);
    },
    isPortFree: async (port) => !(options.takenPorts ?? []).includes(port),
    delay: async (milliseconds) => {
      clock += milliseconds;
    },
    monotonic: () => clock,
    fetch: options.fetch ?? (() => Promise.reject(new Error('no network in this test'))),
    memoryBytes: options.memoryBytes ?? 8 * 1024 ** 3,
    platform: options.platform ?? 'linux',
    findProgram: async (name) => (options.found?.includes(name) === true ? `/bin/${name}` : undefined),
    openPage: async (url) => void effects.opened.push(url),
    confirm: async () => options.confirm ?? false,
    runTasks: async (tasks) => {
      await Promise.all(tasks.map((task) => task.run((status) => effects.said.push(`${task.title}: ${status}`))));
    },
  };
  return effects;
}

/** Recorded from docker 28.2.2. */
export const DOCKER_VERSION =
  '{"Client":{"Version":"28.2.2","ApiVersion":"1.50","Os":"linux","Arch":"amd64"},"Server":{"Version":"28.2.2"}}';
/** Recorded: the CLI without an engine. It ends with 1. */
export const DOCKER_WITHOUT_ENGINE =
  '{"Client":{"Version":"28.2.2","ApiVersion":"1.50","DefaultAPIVersion":"1.50","GitCommit":"e6534b4","GoVersion":"go1.24.3","Os":"linux","Arch":"amd64","Context":"default"},"Server":null}';

export const SERVICES = ['bifrost', 'database', 'heimdall', 'hermod', 'odin', 'store'];

/** One line of `docker compose ps --format json`, with the fields of compose 2.24 and later. */
export function psLine(
  service: string,
  state = 'running',
  health = 'healthy',
  { exitCode = 0, port = 0 }: { readonly exitCode?: number; readonly port?: number } = {},
): string {
  const name = `asgard-forge-${service}-1`;
  const status = state === 'running' ? `Up 2 minutes (${health})` : `Exited (${exitCode}) 3 seconds ago`;
  return JSON.stringify({
    Name: name,
    Service: service,
    State: state,
    Health: health,
    ExitCode: exitCode,
    Status: status,
    // Recorded: exposed ports are there as well, with 0.
    Publishers: [{ URL: '', TargetPort: 7999, PublishedPort: port, Protocol: 'tcp' }],
  });
}

/** A Docker in which everything is healthy, after the rules that are given. */
export function workingDocker(...rules: NonNullable<FakeOptions['programs']>): NonNullable<FakeOptions['programs']> {
  return [
    ...rules,
    [/^docker version/, { stdout: DOCKER_VERSION }],
    [/^docker compose version/, { stdout: '2.39.1\n' }],
    [/ config --services$/, { stdout: `${SERVICES.join('\n')}\n` }],
    [/ ps --all/, { stdout: SERVICES.map((service) => psLine(service)).join('\n') }],
    [/ up --detach/, { lines: ['Container asgard-forge-odin-1  Started'] }],
    [/ down /, {}],
    [/ rm --stop --force /, {}],
    [/ logs /, { stdout: '' }],
    [/^docker ps /, { stdout: '' }],
    [/^lsof/, { exitCode: 1 }],
  ];
}

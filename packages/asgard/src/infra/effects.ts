/** What the infra commands and doctor do to the world outside. A test holds all of it. */
export interface InfraEffects {
  readonly files: InfraFiles;
  /** Runs a program to its end. Never throws for an exit code; `missing` when there is no such program. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Finished>;
  randomBytes(size: number): Uint8Array;
  /** Whether nobody listens there. */
  isPortFree(port: number, host: string): Promise<boolean>;
  /** Resolves early when the signal aborts. */
  delay(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  readonly fetch: typeof globalThis.fetch;
  /** Memory of the machine, bytes. */
  readonly memoryBytes: number;
  readonly platform: string;
  /** Absolute path of a program on the PATH. */
  findProgram(name: string): Promise<string | undefined>;
  /** Opens a page in the user's browser. */
  openPage(url: string): Promise<void>;
  /** Asks yes or no in the terminal. */
  confirm(question: string): Promise<boolean>;
  /** Runs tasks side by side and shows them; on the standard error, so that the output stays clean. */
  runTasks(tasks: readonly Task[], display: 'terminal' | 'plain' | 'silent'): Promise<void>;
}

export interface InfraFiles {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Makes the folders above, for the owner only. */
  write(path: string, content: string, mode: number): Promise<void>;
  /** Permission bits; undefined when there is no such file. */
  mode(path: string): Promise<number | undefined>;
  /** With everything in it; nothing when it is not there. */
  remove(path: string): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Its standard input. @default none */
  readonly input?: string;
  /** Called for each line as it comes; then the lines are not collected. */
  readonly onLine?: (line: string) => void;
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
}

export interface Task {
  readonly title: string;
  /** `say` shows what it waits for. */
  run(say: (status: string) => void): Promise<void>;
}

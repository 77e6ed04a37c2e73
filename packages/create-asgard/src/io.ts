/** Everything that `run` does to the world outside goes through this object, so that a test can hold all of it. */
export interface Io {
  readonly stdin: { readonly isTTY: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Version of the running Node, without the leading `v`. */
  readonly nodeVersion: string;
  /** Version of create-asgard itself. */
  readonly version: string;
  /** Folder that holds one folder for each template. */
  readonly templatesDirectory: string;
  readonly files: Files;
  /** Aborts when the user presses Ctrl-C or the process is told to end. */
  readonly interrupted: AbortSignal;
  randomId(): string;
  /** Runs a program to its end; its output goes to stderr. `exitCode` 127: there is no such program. */
  execute(command: string, args: readonly string[], options: { cwd: string; quiet?: boolean }): Promise<number>;
  /** Asks on the terminal. Rejects with a `CreateError` of code `cancelled` on Ctrl-C. */
  ask(questions: readonly Question[]): Promise<Record<string, string | boolean>>;
}

export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

export type Question =
  | { kind: 'text'; name: string; message: string; initial: string; problem: (value: string) => string | undefined }
  | { kind: 'choice'; name: string; message: string; choices: readonly { value: string; label: string }[] }
  | { kind: 'yes-no'; name: string; message: string; initial: boolean };

/** The few file operations a scaffolder needs. Paths are absolute. */
export interface Files {
  kind(path: string): Promise<'file' | 'folder' | undefined>;
  /** Names in a folder, sorted. */
  list(folder: string): Promise<string[]>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, content: Uint8Array): Promise<void>;
  /** Makes a folder with its parents; gives the topmost one that was missing. */
  makeFolder(path: string): Promise<string | undefined>;
  move(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; a missing one is fine. */
  remove(path: string): Promise<void>;
}

import type { PublishOptions } from './client/change.ts';
import type { Connect } from './client/connection.ts';
import type { StartConsole } from './console/console.ts';
import type { DevSession, DevSessionOptions } from './dev/session.ts';
import type { InfraEffects } from './infra/effects.ts';

/** Everything that a command does to the world outside goes through this object, so that a test can hold all of it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  /** Version of the running Node, without the leading `v`. */
  readonly nodeVersion: string;
  /** Version of this package. */
  readonly version: string;
  /** Aborts on Ctrl-C and when the process is told to end. */
  readonly interrupted: AbortSignal;
  readonly files: Files;
  now(): Date;
  processExists(pid: number): boolean;
  startDevSession(options: Omit<DevSessionOptions, 'startStack'>): Promise<DevSession>;
  /** The page that shows what goes on in a development session. */
  readonly startConsole: StartConsole;
  readonly connect: Connect;
  /** A token for the MCP endpoint, by the sign-in of the running development stack. */
  signIn(options: SignInOptions): Promise<string>;
  /** A kept token with these scopes for any MCP server, or one of a sign-in in the user's browser. No scopes: what the server asks for. */
  signInByBrowser(url: string, scopes: readonly string[]): Promise<string>;
  /** Tells a server's subscribers of a change, over its proxy. */
  publishChange(options: PublishOptions): Promise<void>;
  /** Runs a program on this terminal to its end. `exitCode` 127: there is no such program. */
  execute(command: string, args: readonly string[]): Promise<number>;
  /** What the infra commands and doctor do to the world. */
  loadInfra(): Promise<InfraEffects>;
}

export interface Output {
  readonly isTTY: boolean;
  /** How wide the terminal is now; undefined when it is none. */
  readonly columns?: number | undefined;
  write(text: string): void;
}

export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Writes and makes the folders above. */
  write(path: string, content: string): Promise<void>;
  /** Writes with the mode 0600 and makes the folders above. */
  writePrivate(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface SignInOptions {
  readonly issuer: string;
  /** The resource that the token is for. */
  readonly mcpUrl: string;
  readonly username: string;
  readonly password: string;
  /** Asked for. @default none: the issuer decides */
  readonly scopes?: readonly string[];
}

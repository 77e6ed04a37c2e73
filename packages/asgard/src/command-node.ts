import type { Io } from './io.ts';

/** One command: what it is called, what it takes, and how its code is loaded when it is really used. */
export interface CommandNode {
  readonly name: string;
  readonly summary: string;
  /** None when left out. In commander's syntax: `<needed>`, `[optional]`, `[many...]`, with a description. */
  readonly arguments?: readonly (readonly [syntax: string, description: string, choices?: readonly string[]])[];
  readonly options: readonly OptionNode[];
  /** Commands below this one; then it does nothing itself. */
  readonly commands?: readonly CommandNode[];
  /** `words` are all arguments in one flat list; an optional one that is missing is left out. */
  readonly run?: (words: readonly string[], flags: Flags, io: Io) => Promise<number>;
}

export interface OptionNode {
  readonly flags: string;
  readonly description: string;
  readonly fallback?: number;
  /** @throws AsgardError `usage` */
  readonly parse?: (text: string) => number | string;
  /** May be given more than once; the flag is then a list. */
  readonly repeatable?: true;
}

export type Flags = Readonly<Record<string, unknown>>;

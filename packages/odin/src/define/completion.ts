import type { Principal } from '@asgard/heimdall-client';

/** What is known when a value is completed. */
export interface CompletionContext {
  /** Values of other arguments that the user has filled in already. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly principal: Principal | undefined;
}

/** Suggests values that start with, or otherwise suit, what was typed so far. The first 100 are sent. */
export type Completer = (value: string, context: CompletionContext) => readonly string[] | Promise<readonly string[]>;

/** Completers by argument of a prompt, or by variable of a resource template. */
export type Completers = Readonly<Record<string, Completer>>;

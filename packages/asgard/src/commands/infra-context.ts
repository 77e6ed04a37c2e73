import type { InfraEffects } from '../infra/effects.ts';
import { openStack, type Stack } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { findProject } from '../project.ts';

/** Flags of every infra command. */
export interface InfraFlags {
  readonly json?: boolean;
  readonly engine?: string;
  readonly port?: number;
  readonly edge?: string;
  readonly server?: string;
  /** Services beside those that are always there. */
  readonly profile?: string;
  /** Not by the flags of an earlier `up`. */
  readonly forget?: boolean;
}

export interface InfraContext {
  readonly effects: InfraEffects;
  readonly stack: Stack;
  /** What was asked for, by the flag, by `ASGARD_ENGINE`, or by an earlier `up`. */
  readonly engine: string | undefined;
}

/** The stack of the project in the working folder. @throws AsgardError `usage`, `bad_settings` */
export async function openInfra(flags: InfraFlags, io: Io): Promise<InfraContext> {
  const [effects, project] = await Promise.all([io.loadInfra(), findProject(io)]);
  const { port, edge, server, profile, engine, forget = false } = flags;
  const stack = await openStack(effects, {
    ...project,
    env: io.env,
    flags: { port, edge, server, profile, engine },
    forget,
  });
  return { effects, stack, engine: engine ?? io.env.ASGARD_ENGINE ?? stack.kept.engine };
}

export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** How progress is shown: moving lines only where somebody looks. */
export function displayOf(flags: InfraFlags, io: Io): 'terminal' | 'plain' | 'silent' {
  if (flags.json === true) return 'silent';
  const moves = io.stderr.isTTY && (io.env.CI ?? '') === '';
  return moves ? 'terminal' : 'plain';
}

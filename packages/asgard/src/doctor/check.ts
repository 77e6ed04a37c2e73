import type { InfraEffects } from '../infra/effects.ts';
import type { Stack } from '../infra/stack.ts';

/** What a check found. `skipped`: it has nothing to look at here, which is no fault. */
export interface Finding {
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do; always there when something is wrong. */
  readonly fix?: string;
}

/** One thing to look at. A check never throws for what it looks for. */
export interface Check {
  readonly name: string;
  run(context: DoctorContext): Promise<Finding>;
}

/** What the checks look at. */
export interface DoctorContext {
  readonly effects: InfraEffects;
  readonly nodeVersion: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly stack: Stack;
  /** What was asked for. */
  readonly engine: string | undefined;
  /** Whether `asgard infra up` was ever run here. */
  readonly started: boolean;
  /** The running chain, if any: `asgard dev`, `asgard infra`, or the URL that was given. */
  readonly chain: Chain | undefined;
}

export interface Chain {
  readonly kind: 'dev' | 'infra' | 'url';
  readonly mcpUrl: string;
  /** Undefined when it is only known from the metadata. */
  readonly issuer: string | undefined;
  /** The server itself, without anything in front of it; undefined when it cannot be reached from here. */
  readonly serverUrl?: string | undefined;
  /** Undefined when nobody could sign in. */
  readonly token: string | undefined;
}

export const ok = (message: string): Finding => ({ outcome: 'ok', message });
export const skipped = (message: string): Finding => ({ outcome: 'skipped', message });
export const warning = (message: string, fix: string): Finding => ({ outcome: 'warning', message, fix });
export const failed = (message: string, fix: string): Finding => ({ outcome: 'failed', message, fix });

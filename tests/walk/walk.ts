import type { Client } from '@modelcontextprotocol/client';
import { cancel } from './steps/cancel.ts';
import { challenge } from './steps/challenge.ts';
import { discover } from './steps/discover.ts';
import { fastTool } from './steps/fast-tool.ts';
import { listTools } from './steps/list-tools.ts';
import { longTool } from './steps/long-tool.ts';
import { metadata } from './steps/metadata.ts';
import { plainHttp } from './steps/plain-http.ts';
import { register } from './steps/register.ts';
import { signInWithPkce } from './steps/sign-in.ts';
import { stdio } from './steps/stdio.ts';
import { subscribe } from './steps/subscribe.ts';
import { versionOne } from './steps/version-one.ts';
import type { StartTarget, WalkTarget } from './target.ts';

/** What the steps find out and hand on. */
export interface WalkState {
  readonly target: WalkTarget;
  resourceMetadataUrl: string;
  registrationUrl: string;
  clientId: string;
  token: string;
  client: Client | undefined;
}

/** One step: throws when something is not as it must be, and gives one line of what was seen. */
export interface Step {
  readonly name: string;
  run(state: WalkState): Promise<string>;
}

export interface StepReport {
  readonly name: string;
  readonly durationMs: number;
  /** What was seen. */
  readonly seen?: string;
  readonly error?: unknown;
}

export interface WalkOptions {
  readonly start: StartTarget;
  readonly report: (step: StepReport) => void;
}

const STEPS: readonly Step[] = [
  challenge,
  metadata,
  register,
  signInWithPkce,
  discover,
  listTools,
  fastTool,
  longTool,
  subscribe,
  cancel,
  plainHttp,
  stdio,
  versionOne,
];

const STEP_LIMIT_MS = 20_000;

/** The main path of a newcomer, from a request that is refused to a tool call over a held stream. @returns whether all went well */
export async function walk({ start, report }: WalkOptions): Promise<boolean> {
  let target: WalkTarget | undefined;
  let state: WalkState | undefined;
  const started = await take('start', report, async () => {
    target = await start();
    return target.mcpUrl;
  });
  try {
    if (!started || target === undefined) return false;
    state = { target, resourceMetadataUrl: '', registrationUrl: '', clientId: '', token: '', client: undefined };
    const known = state;
    for (const step of STEPS) if (!(await take(step.name, report, () => step.run(known)))) return false;
    return true;
  } finally {
    await state?.client?.close();
    await target?.close();
  }
}

/** Runs one step within its time and reports it. */
async function take(name: string, report: WalkOptions['report'], run: () => Promise<string>): Promise<boolean> {
  const started = performance.now();
  try {
    const seen = await within(STEP_LIMIT_MS, run());
    report({ name, durationMs: performance.now() - started, seen });
    return true;
  } catch (error) {
    report({ name, durationMs: performance.now() - started, error });
    return false;
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

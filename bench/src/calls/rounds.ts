import type { Contender } from './contenders.ts';
import { type Load, offer } from './load.ts';
import { makeRequest } from './requests.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** What one contender came to, one figure per round. */
export interface Figures {
  readonly contender: Contender;
  /** CPU of the server per answered request. */
  readonly cpuMicros: readonly number[];
  readonly eventLoopDelayMs: readonly number[];
}

const RATE = 3_000;
const WARM_UP_MS = 2_500;
const ROUND_MS = 700;
const ROUNDS = 15;

/** As long as the token of the server that asks for one. */
const OPAQUE = 'x'.repeat(321);

interface Running {
  readonly contender: Contender;
  readonly server: ServerProcess;
  readonly load: Load;
  readonly cpuMicros: number[];
  readonly eventLoopDelayMs: number[];
}

/** Starts every contender, then measures all of them round by round, so that what disturbs the machine disturbs all. */
export async function measureRounds(
  folder: string,
  contenders: readonly Contender[],
  say: (text: string) => void,
): Promise<readonly Figures[]> {
  const running: Running[] = [];
  try {
    for (const contender of contenders) {
      const started = await start(folder, contender, say);
      if (started) running.push(started);
    }
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`round ${round} of ${ROUNDS}`);
      for (const one of running) await measure(one);
    }
    return running;
  } finally {
    await Promise.all(running.map(({ server }) => server.end()));
  }
}

async function start(folder: string, contender: Contender, say: (text: string) => void): Promise<Running | undefined> {
  const { name, server: file, tools, auth, hoisted, digest, ignoredToken, what, legacy = false } = contender;
  try {
    const server = await startServer(folder, file, {
      TOOLS: String(tools),
      AUTH: auth ? '1' : '',
      HOISTED: hoisted ? '1' : '',
      DIGEST: digest ? '1' : '',
    });
    const token = ignoredToken ? OPAQUE : server.token;
    const request = makeRequest(what, { legacy, token });
    const load = { port: server.port, what, request, rate: RATE, durationMs: ROUND_MS };
    const { served, dropped } = await offer({ ...load, durationMs: WARM_UP_MS });
    say(
      `${name}: warmed up with ${served} requests${dropped > 0 ? `, ${dropped} more were offered than it could take` : ''}`,
    );
    return { contender, server, load, cpuMicros: [], eventLoopDelayMs: [] };
  } catch (error) {
    if (!contender.optional) throw error;
    say(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function measure({ server, load, cpuMicros, eventLoopDelayMs }: Running): Promise<void> {
  const spent = await spend(server, load);
  cpuMicros.push(spent.cpuMicros / spent.served);
  eventLoopDelayMs.push(spent.eventLoopDelayMs);
}

interface Spent {
  readonly cpuMicros: number;
  readonly served: number;
  readonly eventLoopDelayMs: number;
}

async function spend(server: ServerProcess, load: Load): Promise<Spent> {
  const before = await server.usage();
  const { served } = await offer(load);
  const { cpuMicros, eventLoopDelayMs } = await server.usage();
  return { cpuMicros: cpuMicros - before.cpuMicros, served, eventLoopDelayMs };
}

const BLOCKS = 9;
const SLICES = 12;
const SLICE_MS = 250;

/**
 * How many times the CPU of another contender one needs, for two that are nearly the same: short slices in turn, added
 * up, so that a disturbance hits both. Each figure is of two fresh processes, since one process of the same program may
 * be compiled and laid out more luckily than another.
 */
export async function measurePair(folder: string, pair: readonly [Contender, Contender]): Promise<readonly number[]> {
  const ratios: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const running: Running[] = [];
    try {
      for (const contender of pair) running.push(...[await start(folder, contender, () => {})].filter((one) => !!one));
      const [one = Number.NaN, other = Number.NaN] = await measureBlock(running);
      ratios.push(one / other);
    } finally {
      await Promise.all(running.map(({ server }) => server.end()));
    }
  }
  return ratios;
}

async function measureBlock(running: readonly Running[]): Promise<number[]> {
  const totals = running.map(() => ({ cpuMicros: 0, served: 0 }));
  for (let slice = 0; slice < SLICES; slice += 1) {
    const order = slice % 2 === 0 ? [...running.keys()] : [...running.keys()].reverse();
    for (const at of order) {
      const [one, total] = [running[at], totals[at]];
      if (!one || !total) continue;
      const { cpuMicros, served } = await spend(one.server, { ...one.load, durationMs: SLICE_MS });
      total.cpuMicros += cpuMicros;
      total.served += served;
    }
  }
  return totals.map(({ cpuMicros, served }) => cpuMicros / served);
}

/** Of each round, how many times the CPU of one contender another one needed. */
export function ratios(figures: readonly Figures[], one: Contender, other: Contender): number[] {
  const [mine, theirs] = [one, other].map((wanted) => figures.find(({ contender }) => contender === wanted)?.cpuMicros);
  return (mine ?? []).map((cpu, round) => cpu / (theirs?.[round] ?? Number.NaN));
}

import { AsgardError } from '../../errors.ts';
import type { InfraEffects, Task } from '../effects.ts';
import { likelyCause } from './causes.ts';
import type { Compose } from './compose.ts';
import { type Container, judgeService } from './containers.ts';

export interface WaitOptions {
  readonly services: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Why a service did not come up. */
export interface FailedService {
  readonly service: string;
  readonly reason: 'failed' | 'timed_out';
  readonly status: string;
  readonly lines: readonly string[];
  readonly cause: string | undefined;
}

const INTERVAL_MS = 1_000;
const LOG_LINES = 30;

/** One task for each service, which ends when it is ready. All of them look at one list, which is asked for once a second. */
export function waitTasks(effects: InfraEffects, compose: Compose, options: WaitOptions): readonly Task[] {
  const deadline = effects.monotonic() + options.timeoutMs;
  let asked: Promise<readonly Container[]> | undefined;
  const containers = (): Promise<readonly Container[]> => {
    asked ??= compose.containers().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  return options.services.map((service) => ({
    title: service,
    run: async (say) => {
      for (;;) {
        if (options.signal.aborted) throw new AsgardError('cancelled', 'Cancelled.');
        const all = await containers();
        const verdict = judgeService(all, service);
        if (verdict === 'ready') return;
        const status = statusOf(all, service);
        if (verdict === 'failed') throw new ServiceFailure(service, 'failed', status);
        if (effects.monotonic() >= deadline) throw new ServiceFailure(service, 'timed_out', status);
        say(status);
        await effects.delay(INTERVAL_MS, options.signal);
      }
    },
  }));
}

/** A service that failed or was too slow. What its log says is asked for afterwards. */
export class ServiceFailure extends AsgardError {
  readonly service: string;
  readonly reason: FailedService['reason'];
  readonly status: string;

  constructor(service: string, reason: FailedService['reason'], status: string) {
    const what = reason === 'failed' ? `did not start (${status})` : `is not ready in time (${status})`;
    super(reason === 'failed' ? 'engine_failed' : 'unhealthy', `${service} ${what}.`);
    this.service = service;
    this.reason = reason;
    this.status = status;
  }
}

/** Adds the last lines of the log and the likely cause. */
export async function explainFailure(compose: Compose, failure: ServiceFailure): Promise<FailedService> {
  const { service, reason, status } = failure;
  const lines = await compose.tail(service, LOG_LINES).catch(() => []);
  return { service, reason, status, lines, cause: likelyCause(service, lines) };
}

function statusOf(containers: readonly Container[], service: string): string {
  const own = containers.filter((container) => container.service === service);
  return own.map(({ status, state }) => status || state).join(', ') || 'not made yet';
}

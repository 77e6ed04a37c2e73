import type { Compose } from '../infra/engine/compose.ts';
import type { Container } from '../infra/engine/containers.ts';
import { judgeService } from '../infra/engine/containers.ts';
import { adminUrlOf, type InfraSettings, mcpUrlOf } from '../infra/settings.ts';
import { openCompose, verifyWritten } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';

export interface InfraStatusFlags extends InfraFlags {
  readonly watch?: boolean;
}

interface ServiceStatus {
  readonly service: string;
  readonly verdict: 'ready' | 'starting' | 'failed' | 'stopped';
  readonly status: string;
  readonly url: string | undefined;
  /** The last line of its log, when it is not well. */
  readonly lastLine: string | undefined;
}

const WATCH_MS = 2_000;

/** The real state of each container. @returns 0 when all are ready, 1 when not */
export async function infraStatus(flags: InfraStatusFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  await verifyWritten(effects, stack);
  const { compose } = await openCompose(effects, stack, { engine });
  for (;;) {
    const services = await collect(compose, stack.settings);
    const ok = services.every(({ verdict }) => verdict === 'ready');
    if (flags.json === true) printJson(io, { ok, project: stack.settings.project, services });
    else io.stdout.write(formatStatus(services));
    if (flags.watch !== true || io.interrupted.aborted) return ok ? 0 : 1;
    await effects.delay(WATCH_MS, io.interrupted);
    if (io.interrupted.aborted) return 130;
  }
}

async function collect(compose: Compose, settings: InfraSettings): Promise<readonly ServiceStatus[]> {
  const [expected, containers] = await Promise.all([compose.services(), compose.containers()]);
  const names = [...new Set([...expected, ...containers.map(({ service }) => service)])].sort();
  return Promise.all(names.map((service) => statusOf(service, { compose, containers, settings })));
}

async function statusOf(
  service: string,
  { compose, containers, settings }: { compose: Compose; containers: readonly Container[]; settings: InfraSettings },
): Promise<ServiceStatus> {
  const own = containers.filter((container) => container.service === service);
  const verdict = own.length === 0 ? 'stopped' : judgeService(containers, service);
  const lines = verdict === 'ready' || verdict === 'stopped' ? [] : await compose.tail(service, 1).catch(() => []);
  return {
    service,
    verdict,
    status: own.map(({ status, state }) => status || state).join(', '),
    url: urlOf(service, settings),
    lastLine: lines.at(-1),
  };
}

function urlOf(service: string, settings: InfraSettings): string | undefined {
  if (service === settings.edge) return mcpUrlOf(settings);
  if (service === 'heimdall') return adminUrlOf(settings);
  if (service === 'inspector') return `http://localhost:${settings.ports.inspector}`;
  if (service === 'grafana') return `http://localhost:${settings.ports.grafana}`;
  return undefined;
}

function formatStatus(services: readonly ServiceStatus[]): string {
  const width = Math.max(...services.map(({ service }) => service.length), 0);
  return services
    .map(({ service, verdict, status, url, lastLine }) => {
      const line = [service.padEnd(width), verdict.padEnd(8), status, url ?? ''].join('  ').trimEnd();
      return lastLine === undefined ? `${line}\n` : `${line}\n${' '.repeat(width)}  ${lastLine}\n`;
    })
    .join('');
}

/** One container of the stack, as `compose ps` tells of it. */
export interface Container {
  readonly name: string;
  readonly service: string;
  /** `running`, `exited`, `restarting`, `created`, `paused`, `dead`. */
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`; empty without a check. */
  readonly health: string;
  readonly exitCode: number;
  /** `Up 2 minutes (healthy)`. */
  readonly status: string;
  /** Ports of this machine that lead to it. Empty as well when compose does not tell. */
  readonly ports: readonly number[];
}

export type Verdict = 'ready' | 'starting' | 'failed';

/** Reads `compose ps --format json`: an object a line since 2.21, one array before. Lines that are something else are left out. */
export function parseContainers(output: string): readonly Container[] {
  const text = output.trim();
  if (text === '') return [];
  if (text.startsWith('[')) return toRecords(text).flatMap(toContainer);
  return text.split('\n').flatMap((line) => toRecords(line).flatMap(toContainer));
}

/** A service is as ready as the least ready of its containers; without any it has failed to be made. */
export function judgeService(containers: readonly Container[], service: string): Verdict {
  const own = containers.filter((container) => container.service === service);
  if (own.length === 0) return 'starting';
  if (own.some(hasFailed)) return 'failed';
  return own.every(isReady) ? 'ready' : 'starting';
}

function hasFailed({ state, health }: Container): boolean {
  return state === 'exited' || state === 'dead' || (state === 'running' && health === 'unhealthy');
}

function isReady({ state, health }: Container): boolean {
  return state === 'running' && (health === 'healthy' || health === '');
}

function toRecords(text: string): readonly Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'object' && entry !== null);
  } catch {
    return [];
  }
}

/** One entry for each address; 0 where a port is only exposed. */
function publishedPorts(publishers: unknown): readonly number[] {
  if (!Array.isArray(publishers)) return [];
  const ports = publishers.map((entry: { PublishedPort?: unknown } | null) => entry?.PublishedPort);
  return [...new Set(ports.filter((port): port is number => typeof port === 'number' && port > 0))];
}

function toContainer(record: Record<string, unknown>): readonly Container[] {
  const text = (key: string): string => (typeof record[key] === 'string' ? record[key] : '');
  if (text('Service') === '') return [];
  return [
    {
      name: text('Name'),
      service: text('Service'),
      state: text('State').toLowerCase(),
      health: text('Health').toLowerCase(),
      exitCode: typeof record.ExitCode === 'number' ? record.ExitCode : 0,
      status: text('Status'),
      ports: publishedPorts(record.Publishers),
    },
  ];
}

import type { InfraEffects } from './effects.ts';
import type { InfraSettings } from './settings.ts';

export interface TakenPort {
  /** The container or process, when it can be known. */
  readonly by: string | undefined;
  readonly nextFree: number;
}

const NEIGHBOURS = 50;

/** Who has the public port; undefined when it is free. */
export async function takenPort(
  effects: InfraEffects,
  { port, bind }: Pick<InfraSettings, 'port' | 'bind'>,
  signal: AbortSignal,
): Promise<TakenPort | undefined> {
  if (await effects.isPortFree(port, bind)) return undefined;
  let nextFree = port + 1;
  while (nextFree < Math.min(port + NEIGHBOURS, 65_535) && !(await effects.isPortFree(nextFree, bind))) nextFree += 1;
  return { by: (await containerOf(effects, port)) ?? (await processOf(effects, port, signal)), nextFree };
}

async function containerOf(effects: InfraEffects, port: number): Promise<string | undefined> {
  const { exitCode, stdout } = await effects.run('docker', [
    'ps',
    '--filter',
    `publish=${port}`,
    '--format',
    '{{.Names}}',
  ]);
  const name = stdout.split('\n')[0]?.trim();
  return exitCode === 0 && name ? `the container ${name}` : undefined;
}

/** `lsof` is on macOS and most Linux machines; without it the process is not known. */
async function processOf(effects: InfraEffects, port: number, signal: AbortSignal): Promise<string | undefined> {
  const { exitCode, stdout } = await effects.run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { signal });
  const [, pid] = /^p(\d+)$/m.exec(stdout) ?? [];
  const [, command] = /^c(.+)$/m.exec(stdout) ?? [];
  return exitCode === 0 && pid !== undefined ? `${command ?? 'a program'} (process ${pid})` : undefined;
}

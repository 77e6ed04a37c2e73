import type { InfraEffects } from './effects.ts';
import { type InfraSettings, isLoopbackUrl } from './settings.ts';
import type { Stack } from './stack.ts';

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

/** The way to another port, with all that must change beside it, so that it leads to a stack that works. */
export function portAdvice({ settings, origins }: Pick<Stack, 'settings' | 'origins'>, port: number): string {
  const url = new URL(settings.publicUrl);
  // A name of this machine with the old port in it leads nowhere then. A public name is another's: its proxy must follow.
  const follows =
    origins.publicUrl !== 'port' && isLoopbackUrl(settings.publicUrl) && url.port === String(settings.port);
  url.port = String(port);
  const command = `asgard infra up --port ${port}`;
  return [
    ...(origins.port === 'environment' ? ['unset ASGARD_PORT'] : []),
    ...(follows && origins.publicUrl === 'environment' ? [`set ASGARD_PUBLIC_URL to ${url.origin}`] : []),
    ...(follows && origins.publicUrl === 'file' ? [`set infra.publicUrl in asgard.json to ${url.origin}`] : []),
    command,
  ].join(', then ');
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

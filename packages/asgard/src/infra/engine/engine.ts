import { AsgardError } from '../../errors.ts';
import type { Finished, InfraEffects } from '../effects.ts';

/** A container engine that runs, with a compose that is new enough. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  readonly composeVersion: string;
}

export type EngineName = 'docker' | 'podman';

/** Compose 2.24 is the first that has all that our file needs. */
const MIN_COMPOSE = [2, 24] as const;

/** What was found out about an engine: that it works, or why not and what to do. */
export type EngineFinding = { readonly engine: Engine } | { readonly reason: string; readonly fix: string };

/**
 * The engine that was asked for, or the first of docker and podman that works.
 *
 * @throws AsgardError `usage` for an unknown name, `engine_missing` with the reason for each
 */
export async function findEngine(effects: InfraEffects, requested: string | undefined): Promise<Engine> {
  const names = parseRequest(requested);
  const reasons: string[] = [];
  for (const name of names) {
    const finding = await inspectEngine(effects, name);
    if ('engine' in finding) return finding.engine;
    reasons.push(`${finding.reason} ${finding.fix}`);
  }
  throw new AsgardError('engine_missing', [...reasons, 'Without containers: asgard dev'].join('\n'));
}

/** @throws AsgardError `usage` */
export function parseRequest(requested: string | undefined): readonly EngineName[] {
  if (requested === undefined || requested === '') return ['docker', 'podman'];
  if (requested === 'docker' || requested === 'podman') return [requested];
  throw new AsgardError('usage', `The engine "${requested}" is not known. Use docker or podman.`);
}

/** `docker info` ends with 1 and no reason when there is no daemon, so `version` is asked, which says what it has. */
export async function inspectEngine(effects: InfraEffects, name: EngineName): Promise<EngineFinding> {
  const asked = await effects.run(name, ['version', '--format', '{{json .}}']);
  if (asked.missing) {
    const install = name === 'docker' ? 'https://docs.docker.com/get-docker/' : 'https://podman.io/docs/installation';
    return { reason: `${name} is not installed.`, fix: `Install it: ${install}` };
  }
  const version = engineVersion(name, asked);
  if (version === undefined) {
    return name === 'docker'
      ? {
          reason: 'docker is installed, but its engine does not answer.',
          fix:
            effects.platform === 'linux'
              ? 'Start it: sudo systemctl start docker. If it runs, you may not use its socket: sudo usermod -aG docker $USER, then log in again.'
              : 'Start Docker Desktop.',
        }
      : { reason: 'podman does not answer.', fix: 'Start its machine: podman machine start' };
  }
  const compose = await effects.run(name, ['compose', 'version', '--short']);
  const composeVersion = /v?(\d+\.\d+\.\d+\S*)/.exec(compose.stdout)?.[1];
  if (compose.exitCode !== 0 || composeVersion === undefined) {
    return {
      reason: `${name} has no compose plugin.`,
      fix: 'Install Docker Compose 2.24 or later: https://docs.docker.com/compose/install/',
    };
  }
  if (!isNewEnough(composeVersion)) {
    return {
      reason: `${name} compose is ${composeVersion}; ${MIN_COMPOSE.join('.')} or later is needed.`,
      fix: 'Update it: https://docs.docker.com/compose/install/',
    };
  }
  return { engine: { name, version, composeVersion } };
}

function engineVersion(name: EngineName, { exitCode, stdout }: Finished): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const { Server: server, Client: client } = value as Record<string, { Version?: string } | null | undefined>;
  if (typeof server?.Version === 'string') return server.Version;
  // Podman on Linux has no server of its own.
  return name === 'podman' && exitCode === 0 ? client?.Version : undefined;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > MIN_COMPOSE[0] || (major === MIN_COMPOSE[0] && minor >= MIN_COMPOSE[1]);
}

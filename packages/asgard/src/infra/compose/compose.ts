import { stringify } from 'yaml';
import type { InfraSettings } from '../settings.ts';
import { bifrostService } from './bifrost.ts';
import { grafanaService, inspectorService, prometheusService } from './extras.ts';
import { databaseService, heimdallService } from './heimdall.ts';
import { hermodService } from './hermod.ts';
import { odinService } from './odin.ts';
import type { ComposeService, NetworkName } from './service.ts';
import { storeService } from './store.ts';

/** A compose project. */
export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<NetworkName, { readonly internal?: true }>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** Digest of the mounted files of a service, by its name: a changed file makes compose start the service anew. */
export type ConfigDigests = Readonly<Record<string, string>>;

/** The whole stack. A server of this machine is reached through ports of the loopback, in place of a container. */
export function composeFile(settings: InfraSettings, digests: ConfigDigests = {}): ComposeFile {
  const services: Record<string, ComposeService> = {
    hermod: hermodService(settings),
    bifrost: bifrostService(settings),
    heimdall: heimdallService(settings),
    database: databaseService(),
    store: storeService(),
    ...(settings.server.kind === 'container' ? { odin: odinService(settings, settings.server) } : {}),
    inspector: inspectorService(settings),
    prometheus: prometheusService(),
    grafana: grafanaService(settings),
  };
  return {
    name: settings.project,
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [name, withDigest(service, digests[name])]),
    ),
    networks: { edge: {}, core: { internal: true }, data: { internal: true }, outbound: {} },
    volumes: { database: null, store: null, prometheus: null, grafana: null },
  };
}

/** compose.yaml */
export function renderCompose(settings: InfraSettings, digests: ConfigDigests = {}): string {
  return `# Made by "asgard infra". Change asgard.json, not this file; "asgard infra eject" gives you a copy of your own.\n${stringify(composeFile(settings, digests), { lineWidth: 0, aliasDuplicateObjects: false, nullStr: '' })}`;
}

/** The part that only a server of this machine needs: ports of the loopback to publish on and to share state through. */
export function hostOverride({ ports }: InfraSettings): {
  services: Record<string, { ports: readonly string[]; networks: readonly NetworkName[] }>;
} {
  return {
    services: {
      hermod: { ports: [`127.0.0.1:${ports.publish}:5562`], networks: ['edge', 'core'] },
      store: { ports: [`127.0.0.1:${ports.store}:6379`], networks: ['edge', 'core'] },
    },
  };
}

/** compose.host.yaml, read after compose.yaml when the server runs on this machine. */
export function renderHostOverride(settings: InfraSettings): string {
  return `# For a server on this machine. Ports of the loopback only: the publish port asks nobody for a password.\n${stringify(hostOverride(settings), { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function withDigest(service: ComposeService, digest: string | undefined): ComposeService {
  return digest === undefined ? service : { ...service, labels: { ...service.labels, 'asgard.config': digest } };
}

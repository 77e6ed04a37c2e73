import { createHash } from 'node:crypto';
import { AsgardError } from '../errors.ts';
import { renderBifrostDockerfile } from './bifrost-image.ts';
import { type ConfigDigests, renderCompose, renderHostOverride } from './compose/compose.ts';
import { IMAGES } from './images.ts';
import { renderRealm } from './keycloak/realm.ts';
import { parseKongConfig } from './kong/parse.ts';
import { renderKong } from './kong/render.ts';
import { findKongFaults } from './kong/rules.ts';
import { renderDashboard } from './observability/dashboard.ts';
import { renderGrafanaProvider, renderGrafanaSource, renderPrometheus } from './observability/prometheus.ts';
import { renderPushpin, renderPushpinRoutes } from './pushpin/render.ts';
import { type InfraSettings, mcpUrlOf } from './settings.ts';

/** A file of the stack. None of them holds a secret, so all of them can be committed. */
export interface InfraFile {
  /** Relative to the folder of the stack, with `/`. */
  readonly path: string;
  readonly content: string;
}

export const COMPOSE_FILE = 'compose.yaml';
export const HOST_OVERRIDE_FILE = 'compose.host.yaml';

/**
 * Every file of the stack, checked before anything is written.
 *
 * @throws AsgardError `bad_file` when the settings lead to a gateway configuration that breaks one of our own rules
 */
export function infraFiles(settings: InfraSettings): readonly InfraFile[] {
  const kong = renderKong(settings);
  const expected = { audience: mcpUrlOf(settings), maxHoldSeconds: settings.maxHoldSeconds };
  const [fault] = findKongFaults(parseKongConfig(kong), expected);
  if (fault !== undefined) throw new AsgardError('bad_file', `kong.yml: ${fault}`);
  const mounted: readonly InfraFile[] = [
    { path: 'hermod/pushpin.conf', content: renderPushpin() },
    { path: 'hermod/routes', content: renderPushpinRoutes(settings) },
    { path: 'bifrost/Dockerfile', content: renderBifrostDockerfile() },
    { path: 'bifrost/kong.yml', content: kong },
    { path: 'heimdall/realm.json', content: renderRealm(settings) },
    { path: 'prometheus/prometheus.yml', content: renderPrometheus(settings) },
    { path: 'grafana/provisioning/datasources/asgard.yaml', content: renderGrafanaSource() },
    { path: 'grafana/provisioning/dashboards/asgard.yaml', content: renderGrafanaProvider() },
    { path: 'grafana/dashboards/asgard.json', content: renderDashboard() },
    { path: 'images.json', content: `${JSON.stringify(IMAGES, undefined, 2)}\n` },
  ];
  return [
    { path: COMPOSE_FILE, content: renderCompose(settings, digestsOf(mounted)) },
    ...(settings.server.kind === 'host' ? [{ path: HOST_OVERRIDE_FILE, content: renderHostOverride(settings) }] : []),
    ...mounted,
  ];
}

/** One digest for each top folder, which has the name of its service. */
function digestsOf(files: readonly InfraFile[]): ConfigDigests {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const { path, content } of files.filter((file) => file.path.includes('/'))) {
    const service = path.slice(0, path.indexOf('/'));
    const hash = hashes.get(service) ?? createHash('sha256');
    hash.update(`${path}\0${content}\0`);
    hashes.set(service, hash);
  }
  return Object.fromEntries([...hashes].map(([service, hash]) => [service, hash.digest('hex').slice(0, 16)]));
}

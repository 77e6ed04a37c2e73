import { resolveSettings } from '../infra/resolve-settings.ts';
import type { InfraSettings } from '../infra/settings.ts';

/**
 * The settings of asgard.json as far as they count while developing: the routes, the edge, the path, the rules for tools and pages. Name,
 * realm and place of everything are those of the stand-ins.
 *
 * @param config text of asgard.json
 * @throws AsgardError `bad_settings`
 */
export function developmentSettings(config?: string): InfraSettings {
  const settings = resolveSettings({ name: 'dev', config, env: {}, flags: {}, hasDockerfile: true });
  return { ...settings, publicUrl: 'http://localhost', realm: 'asgard' };
}

import { resolveSettings, type SettingFlags } from '../../../packages/asgard/src/infra/resolve-settings.ts';
import type { InfraSettings } from '../../../packages/asgard/src/infra/settings.ts';

/** Settings of a project with a Dockerfile, with `infra` of asgard.json and flags on top. */
export function exampleSettings(infra: object = {}, flags: SettingFlags = {}): InfraSettings {
  return resolveSettings({ name: 'example', config: JSON.stringify({ infra }), env: {}, flags, hasDockerfile: true });
}

/** One of each kind of set-up; every rule is checked on all of them. */
export const variants: readonly (readonly [name: string, settings: InfraSettings])[] = [
  ['hermod at the edge', exampleSettings()],
  ['hermod at the edge, relative links', exampleSettings({ links: 'relative' })],
  ['gateway at the edge', exampleSettings({ edge: 'bifrost' })],
  ['server on the host', exampleSettings({}, { server: 'host' })],
  ['gateway at the edge, server on the host', exampleSettings({ edge: 'bifrost' }, { server: 'host' })],
  [
    'hosts of tenants',
    exampleSettings({
      publicUrl: 'https://mcp.example.com',
      tenantHosts: ['valhalla.example.com', 'jotunheim.example.com'],
      tools: { 'admin_*': { deny: true }, search: { perMinute: 60 } },
    }),
  ],
  [
    'a public name with rules for tools',
    exampleSettings({
      edge: 'bifrost',
      publicUrl: 'https://mcp.example.com',
      scopes: ['mcp:tools'],
      corsOrigins: ['https://app.example.com'],
      paramHeaders: ['Region'],
      tools: { 'admin_*': { deny: true }, search: { perMinute: 60 }, forge: { hold: true } },
    }),
  ],
];

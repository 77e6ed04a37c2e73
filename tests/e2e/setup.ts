import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packAll } from '../packaging/packed.ts';
import { startRegistry } from './registry.ts';

/** Where a newcomer works: an empty folder, and npm that finds our packages as they would be published. */
export interface Newcomer {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    newcomer: Newcomer;
  }
}

/** Packs once and keeps one npm cache for all files of this project, so that only the first install fetches anything. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'asgard-e2e-'));
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: tmpdir() }).trim();
  const { packed, remove } = packAll();
  const registry = await startRegistry(packed, upstream);
  provide('newcomer', { home, env: environment(registry.url, home) });
  return async () => {
    await registry.close();
    remove();
    rmSync(home, { recursive: true, force: true });
  };
}

function environment(registryUrl: string, home: string): Record<string, string> {
  const left = new Set(['NODE_OPTIONS', 'VITEST', 'NODE_ENV', 'CI', 'ASGARD_TOKEN']);
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !entry[0].startsWith('npm_') && !entry[0].startsWith('VITEST_') && !left.has(entry[0]),
  );
  return {
    ...Object.fromEntries(own),
    npm_config_registry: registryUrl,
    npm_config_cache: join(home, '.npm'),
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_loglevel: 'error',
  };
}

import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** Bundles the servers to plain JavaScript, so that nothing is compiled or looked up while they run. @returns the folder */
export async function bundleServers(names: readonly string[]): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'calls-'));
  await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url))),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
    // Loaded only when used: ours, then those of fastmcp's schema converter.
    external: ['zeromq', 'esbuild', 'effect', 'sury', '@valibot/to-json-schema'],
    // Some of the peers' dependencies are CommonJS and require what Node has built in.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
  return folder;
}

import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { installTools } from '../../../tests/real/tool-folder.ts';

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));

const MCP_USE = { 'mcp-use': '1.34.6' };

/** Bundles the servers to plain JavaScript, so that nothing is compiled or looked up while they run. @returns the folder */
export async function bundleServers(names: readonly string[]): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'calls-'));
  if (names.includes('mcp-use')) symlinkSync(join(await installMcpUse(), 'node_modules'), join(folder, 'node_modules'));
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

async function installMcpUse(): Promise<string> {
  const { folder } = await installTools('mcp-use', MCP_USE, [
    '--omit=optional',
    '--legacy-peer-deps',
    '--ignore-scripts',
  ]);
  return folder;
}

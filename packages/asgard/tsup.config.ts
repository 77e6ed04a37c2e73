import { copyFile, mkdir } from 'node:fs/promises';
import { build } from 'esbuild';
import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(
  library(
    { index: 'src/index.ts', bin: 'src/bin.ts', 'dev-agent': 'src/dev-agent.ts' },
    { platform: 'node', onSuccess: buildPage },
  ),
);

/** The console page: one script, one style sheet, and what they stand in. */
async function buildPage(): Promise<void> {
  const from = 'src/console/page';
  const to = 'dist/console';
  await mkdir(to, { recursive: true });
  await build({
    entryPoints: { page: `${from}/main.ts` },
    outdir: to,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    logLevel: 'warning',
  });
  await build({
    entryPoints: [`${from}/page.css`],
    bundle: true,
    outdir: to,
    minify: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'icon.svg']) await copyFile(`${from}/${file}`, `${to}/${file}`);
}

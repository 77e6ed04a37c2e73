/** The part of a Vite (and Rolldown) plugin that is used here. */
export interface LoweringPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): Promise<{ code: string; map: string } | undefined>;
}

const SOURCE = /\.[cm]?tsx?$/;
/** Cheap: whether a file may hold a decorator at all. */
const DECORATOR = /(?:^|[\s({;])@[A-Za-z_$]/m;

/**
 * Lowers standard decorators with esbuild, for tools that leave them in their output: Vite 8, Vitest on Vite 8, and
 * bundlers on Rolldown. Vite 7 and esbuild itself need no plugin.
 *
 * @throws Error when esbuild is not installed: `npm install --save-dev esbuild`
 */
export function lowerDecorators(): LoweringPlugin {
  return {
    name: 'asgard:lower-decorators',
    enforce: 'pre',
    async transform(code, id) {
      const [file = id] = id.split('?');
      if (!SOURCE.test(file) || file.includes('/node_modules/') || !DECORATOR.test(code)) return undefined;
      const { transform } = await loadEsbuild();
      const loader = file.endsWith('x') ? 'tsx' : 'ts';
      const lowered = await transform(code, { loader, target: 'es2022', sourcefile: file, sourcemap: 'external' });
      return { code: lowered.code, map: lowered.map };
    },
  };
}

async function loadEsbuild(): Promise<typeof import('esbuild')> {
  try {
    return await import('esbuild');
  } catch (cause) {
    throw new Error('@asgard/odin/vite needs esbuild: npm install --save-dev esbuild', { cause });
  }
}

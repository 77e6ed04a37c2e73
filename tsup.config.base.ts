import type { Options } from 'tsup';

/** One build for every package: ESM for Node 20, maps beside the code, types by `tsc`. */
export function library(entry: Record<string, string>, overrides: Options = {}): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node20',
    platform: 'neutral',
    splitting: true,
    sourcemap: true,
    clean: true,
    dts: false,
    external: [/^node:/],
    ...overrides,
  };
}

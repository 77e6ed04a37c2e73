import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

/** One download: every library is in the bundle, so `npm create asgard` fetches this package and nothing else. */
export default defineConfig(
  library(
    { bin: 'src/bin.ts' },
    {
      platform: 'node',
      noExternal: [/./],
      sourcemap: false,
      minify: true,
      // Bundled CommonJS asks for `require`, which a module does not have.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
    },
  ),
);

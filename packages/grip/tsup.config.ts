import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(
  library({ index: 'src/index.ts', 'node/index': 'src/node/index.ts', 'zeromq/index': 'src/zeromq/index.ts' }),
);

import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(
  library({ index: 'src/index.ts', bin: 'src/bin.ts', 'dev-agent': 'src/dev-agent.ts' }, { platform: 'node' }),
);

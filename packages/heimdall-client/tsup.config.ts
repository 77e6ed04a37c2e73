import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(library({ index: 'src/index.ts', redis: 'src/redis.ts', undici: 'src/undici.ts' }));

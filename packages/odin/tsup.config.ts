import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(
  library({
    index: 'src/index.ts',
    node: 'src/node.ts',
    stdio: 'src/stdio.ts',
    testing: 'src/testing.ts',
    middleware: 'src/middleware.ts',
    skills: 'src/skills.ts',
    redis: 'src/redis.ts',
    vite: 'src/vite.ts',
  }),
);

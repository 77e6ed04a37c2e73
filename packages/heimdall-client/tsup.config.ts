import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base.ts';

export default defineConfig(
  library({
    index: 'src/index.ts',
    'keycloak-admin': 'src/keycloak-admin.ts',
    redis: 'src/redis.ts',
    undici: 'src/undici.ts',
  }),
);

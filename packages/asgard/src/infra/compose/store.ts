import { IMAGES } from '../images.ts';
import { type ComposeService, hardened, healthcheck, required } from './service.ts';

/** In the heredoc, so that the password is in no list of processes. */
const START = `exec valkey-server - --dir /data --appendonly yes --appendfsync everysec --maxmemory 200mb --maxmemory-policy noeviction <<CONF
requirepass $$STORE_PASSWORD
CONF`;

/** What replicas of the server share. A full store refuses to write: an evicted session or task would be lost in silence. */
export function storeService(): ComposeService {
  return {
    image: IMAGES.store,
    entrypoint: ['/bin/sh', '-c', START],
    environment: { STORE_PASSWORD: required('ASGARD_STORE_PASSWORD') },
    user: '999:1000',
    read_only: true,
    tmpfs: ['/tmp'],
    volumes: ['store:/data'],
    expose: ['6379'],
    networks: ['core'],
    healthcheck: healthcheck(['CMD-SHELL', 'REDISCLI_AUTH="$$STORE_PASSWORD" valkey-cli ping | grep -q PONG']),
    ...hardened({ memory: '320m', cpus: '1', pids: 64 }),
  };
}

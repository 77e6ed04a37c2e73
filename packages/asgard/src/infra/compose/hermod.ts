import { IMAGES } from '../images.ts';
import { KEY_MARK } from '../pushpin/render.ts';
import type { InfraSettings } from '../settings.ts';
import { type ComposeService, hardened, healthcheck, required } from './service.ts';

const CONFIG = '/etc/asgard';
const RUN = '/run/pushpin';

/**
 * The proxy that holds streams. Its configuration is mounted read-only and has no key in it; the key comes from the environment into a
 * copy that lives in memory. The image's own entry script would rewrite the file and open every port.
 */
export function hermodService(settings: InfraSettings): ComposeService {
  const script = [
    'set -e',
    'umask 077',
    `sed "s|${KEY_MARK}|$$GRIP_KEY|" ${CONFIG}/pushpin.conf > ${RUN}/pushpin.conf`,
    `cp ${CONFIG}/routes ${RUN}/routes`,
    `exec pushpin --config=${RUN}/pushpin.conf --merge-output`,
  ];
  return {
    image: IMAGES.hermod,
    entrypoint: ['/bin/sh', '-c', script.join('; ')],
    environment: { GRIP_KEY: required('ASGARD_GRIP_KEY') },
    user: '65534:65534',
    read_only: true,
    init: true,
    tmpfs: [`${RUN}:mode=0700,uid=65534,gid=65534`, '/tmp'],
    // File by file: the user in the container may not be let into a folder of the user outside.
    volumes: ['pushpin.conf', 'routes'].map((file) => `./hermod/${file}:${CONFIG}/${file}:ro`),
    ...(settings.edge === 'hermod' ? { ports: [publicPort(settings, 7999)] } : { expose: ['7999'] }),
    ...(settings.server.kind === 'host' ? { extra_hosts: HOST_GATEWAY } : {}),
    networks: settings.edge === 'hermod' || settings.server.kind === 'host' ? ['edge', 'core'] : ['core'],
    // The image has no HTTP client. An open port is what can be seen without passing a request through the whole chain.
    healthcheck: healthcheck(['CMD', 'bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/7999 4<>/dev/tcp/127.0.0.1/5562']),
    // A connection each for client and server.
    ulimits: { nofile: 131_072 },
    ...hardened({ memory: '1g', cpus: '2', pids: 128 }),
  };
}

/** Where the entrance listens. */
export function publicPort({ bind, port }: InfraSettings, target: number): string {
  const address = bind.includes(':') ? `[${bind}]` : bind;
  return `${address}:${port}:${target}`;
}

/** Lets a container reach a server that runs on this machine. */
export const HOST_GATEWAY: readonly string[] = ['host.docker.internal:host-gateway'];

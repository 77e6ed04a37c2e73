import { IMAGES } from '../images.ts';
import type { InfraSettings } from '../settings.ts';
import { HOST_GATEWAY, publicPort } from './hermod.ts';
import { type ComposeService, hardened, healthcheck } from './service.ts';

/** Without these, kong-oidc fetches the keys and checks the signature again for every request. */
const SHARED_DICTS = 'discovery 1m; lua_shared_dict jwks 1m; lua_shared_dict jwt_verification 10m';

/** Private networks: whatever is in front of the gateway between the containers. */
const PRIVATE = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7';

/** The gateway. */
export function bifrostService(settings: InfraSettings): ComposeService {
  const isEdge = settings.edge === 'bifrost';
  return {
    build: { context: './bifrost', args: { KONG: IMAGES.bifrostBase } },
    image: `\${COMPOSE_PROJECT_NAME}-bifrost`,
    environment: bifrostEnvironment(settings),
    user: 'kong',
    read_only: true,
    tmpfs: ['/run/kong:mode=0700,uid=1000,gid=1000', '/tmp'],
    volumes: ['./bifrost/kong.yml:/etc/asgard/kong.yml:ro'],
    ...(isEdge ? { ports: [publicPort(settings, 8000)] } : { expose: ['8000'] }),
    ...(settings.server.kind === 'host' ? { extra_hosts: HOST_GATEWAY } : {}),
    // An internal network cannot reach this machine.
    networks: isEdge || settings.server.kind === 'host' ? ['edge', 'core'] : ['core'],
    depends_on: { heimdall: { condition: 'service_healthy' } },
    healthcheck: healthcheck(['CMD', 'kong', 'health']),
    // Longer than a quick call, shorter than a person waits; streams through Hermod outlive it.
    stop_grace_period: '30s',
    ulimits: { nofile: 65_536 },
    ...hardened({ memory: '1g', cpus: '2', pids: 128 }),
  };
}

function bifrostEnvironment({ edge }: InfraSettings): Record<string, string> {
  return {
    KONG_DATABASE: 'off',
    KONG_DECLARATIVE_CONFIG: '/etc/asgard/kong.yml',
    KONG_PREFIX: '/run/kong',
    KONG_PLUGINS: 'bundled,oidc',
    KONG_ADMIN_LISTEN: 'off',
    KONG_PROXY_LISTEN: '0.0.0.0:8000',
    KONG_STATUS_LISTEN: '0.0.0.0:8100',
    KONG_ROUTER_FLAVOR: 'traditional',
    KONG_NGINX_WORKER_PROCESSES: '2',
    KONG_NGINX_HTTP_LUA_SHARED_DICT: SHARED_DICTS,
    // A token of 14 kB passes; nginx allows 8 kB a line.
    KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '4 16k',
    KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE: '128k',
    // An old address of a server that was started again would be used for as long as the answer of the name server says.
    KONG_DNS_VALID_TTL: '2',
    KONG_DNS_STALE_TTL: '1',
    ...(edge === 'hermod' ? { KONG_TRUSTED_IPS: PRIVATE, KONG_REAL_IP_HEADER: 'X-Forwarded-For' } : {}),
    KONG_HEADERS: 'off',
    KONG_ANONYMOUS_REPORTS: 'off',
    KONG_PROXY_ACCESS_LOG: '/dev/stdout',
    KONG_PROXY_ERROR_LOG: '/dev/stderr',
    KONG_ADMIN_ACCESS_LOG: '/dev/stdout',
    KONG_ADMIN_ERROR_LOG: '/dev/stderr',
    KONG_STATUS_ACCESS_LOG: 'off',
    KONG_STATUS_ERROR_LOG: '/dev/stderr',
  };
}

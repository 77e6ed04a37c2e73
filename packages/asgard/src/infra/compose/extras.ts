import { IMAGES } from '../images.ts';
import type { InfraSettings } from '../settings.ts';
import { type ComposeService, hardened, healthcheck, required } from './service.ts';

/** Profile `inspector`: the MCP Inspector, on this machine only. */
export function inspectorService({ ports }: InfraSettings): ComposeService {
  const { inspector, inspectorProxy } = ports;
  return {
    image: IMAGES.inspector,
    profiles: ['inspector'],
    environment: {
      HOST: '0.0.0.0',
      CLIENT_PORT: String(inspector),
      SERVER_PORT: String(inspectorProxy),
      ALLOWED_ORIGINS: `http://localhost:${inspector},http://127.0.0.1:${inspector}`,
      MCP_PROXY_AUTH_TOKEN: required('ASGARD_INSPECTOR_TOKEN'),
      MCP_AUTO_OPEN_ENABLED: 'false',
    },
    init: true,
    ports: [`127.0.0.1:${inspector}:${inspector}`, `127.0.0.1:${inspectorProxy}:${inspectorProxy}`],
    networks: ['edge'],
    healthcheck: healthcheck([
      'CMD',
      'node',
      '-e',
      `fetch('http://127.0.0.1:${inspector}/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
    ]),
    ...hardened({ memory: '512m', cpus: '1', pids: 256 }),
  };
}

/** Profile `observability`: the measures of every service, kept for two weeks. */
export function prometheusService(): ComposeService {
  return {
    image: IMAGES.prometheus,
    profiles: ['observability'],
    command: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      '--storage.tsdb.retention.time=14d',
      '--storage.tsdb.retention.size=2GB',
    ],
    user: '65534:65534',
    read_only: true,
    tmpfs: ['/tmp'],
    volumes: ['./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro', 'prometheus:/prometheus'],
    expose: ['9090'],
    networks: ['core'],
    healthcheck: healthcheck(['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:9090/-/ready']),
    ...hardened({ memory: '512m', cpus: '1', pids: 128 }),
  };
}

/** Profile `observability`: a dashboard of the chain, on this machine only. */
export function grafanaService({ ports }: InfraSettings): ComposeService {
  return {
    image: IMAGES.grafana,
    profiles: ['observability'],
    environment: {
      GF_SECURITY_ADMIN_USER: 'admin',
      GF_SECURITY_ADMIN_PASSWORD: required('ASGARD_GRAFANA_PASSWORD'),
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: '/etc/grafana/dashboards/asgard.json',
    },
    user: '472:0',
    read_only: true,
    tmpfs: ['/tmp', '/var/log/grafana:uid=472'],
    volumes: [
      ...['provisioning/datasources/asgard.yaml', 'provisioning/dashboards/asgard.yaml', 'dashboards/asgard.json'].map(
        (file) => `./grafana/${file}:/etc/grafana/${file}:ro`,
      ),
      'grafana:/var/lib/grafana',
    ],
    ports: [`127.0.0.1:${ports.grafana}:3000`],
    networks: ['core', 'edge'],
    depends_on: { prometheus: { condition: 'service_healthy' } },
    healthcheck: healthcheck(['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:3000/api/health']),
    ...hardened({ memory: '384m', cpus: '1', pids: 128 }),
  };
}

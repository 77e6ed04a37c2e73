import { IMAGES } from '../images.ts';
import { HEIMDALL_PATH, type InfraSettings } from '../settings.ts';
import { type ComposeService, hardened, healthcheck, required } from './service.ts';

/** The image has bash and no HTTP client; the management port speaks plain HTTP. */
const READY =
  'exec 3<>/dev/tcp/127.0.0.1/9000 && printf "HEAD /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n" >&3 && head -n 1 <&3 | grep -q " 200 "';

/** Clients register by OpenID Connect only: by the other ways they could set attributes, such as the lifetime of tokens. */
export const ONE_REGISTRATION: Readonly<Record<string, string>> = {
  KC_SPI_CLIENT_REGISTRATION__DEFAULT__ENABLED: 'false',
  KC_SPI_CLIENT_REGISTRATION__INSTALL__ENABLED: 'false',
  KC_SPI_CLIENT_REGISTRATION__SAML2_ENTITY_DESCRIPTOR__ENABLED: 'false',
};

/** The identity provider, in production mode. */
export function heimdallService(settings: InfraSettings): ComposeService {
  return {
    image: IMAGES.heimdall,
    command: ['start', '--import-realm'],
    environment: {
      KC_DB: 'postgres',
      KC_DB_URL: 'jdbc:postgresql://database:5432/heimdall',
      KC_DB_USERNAME: 'heimdall',
      KC_DB_PASSWORD: required('ASGARD_DATABASE_PASSWORD'),
      KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
      KC_BOOTSTRAP_ADMIN_PASSWORD: required('ASGARD_ADMIN_PASSWORD'),
      // The issuer is what people see, whatever name a container asks by; keys and tokens are fetched by the inner name.
      KC_HOSTNAME: `${settings.publicUrl}${HEIMDALL_PATH}`,
      KC_HOSTNAME_BACKCHANNEL_DYNAMIC: 'true',
      KC_HTTP_RELATIVE_PATH: HEIMDALL_PATH,
      KC_HTTP_MANAGEMENT_RELATIVE_PATH: '/',
      KC_HTTP_ENABLED: 'true',
      KC_PROXY_HEADERS: 'xforwarded',
      KC_HEALTH_ENABLED: 'true',
      KC_METRICS_ENABLED: 'true',
      KC_CACHE: 'local',
      KC_LOG_LEVEL: 'info',
      ...ONE_REGISTRATION,
      JAVA_OPTS_KC_HEAP: '-XX:MaxRAMPercentage=65 -XX:InitialRAMPercentage=25',
      ...realmSecrets(settings),
    },
    user: '1000:0',
    volumes: ['./heimdall/realm.json:/opt/keycloak/data/import/realm.json:ro'],
    expose: ['8080', '9000'],
    networks: ['core', 'data'],
    depends_on: { database: { condition: 'service_healthy' } },
    healthcheck: healthcheck(['CMD', 'bash', '-c', READY], '120s'),
    stop_grace_period: '30s',
    ...hardened({ memory: '1536m', cpus: '2', pids: 512 }),
  };
}

/** The identity provider's database. */
export function databaseService(): ComposeService {
  return {
    image: IMAGES.database,
    environment: {
      POSTGRES_DB: 'heimdall',
      POSTGRES_USER: 'heimdall',
      POSTGRES_PASSWORD: required('ASGARD_DATABASE_PASSWORD'),
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --data-checksums',
    },
    user: '70:70',
    read_only: true,
    tmpfs: ['/run/postgresql:mode=0775,uid=70,gid=70', '/tmp'],
    volumes: ['database:/var/lib/postgresql/data'],
    networks: ['data'],
    healthcheck: healthcheck(['CMD', 'pg_isready', '--quiet', '--username=heimdall', '--dbname=heimdall']),
    stop_grace_period: '60s',
    ...hardened({ memory: '512m', cpus: '1', pids: 128 }),
  };
}

/** What the realm file takes from the environment. */
function realmSecrets({ demoUsers }: InfraSettings): Record<string, string> {
  const names = ['ASGARD_BIFROST_SECRET', 'ASGARD_ODIN_SECRET'];
  if (demoUsers) names.push('ASGARD_FREYA_PASSWORD', 'ASGARD_LOKI_PASSWORD');
  return Object.fromEntries(names.map((name) => [name, required(name)]));
}

import { posix } from 'node:path';
import { odinOrigin } from '../kong/render.ts';
import { GRIP_ISSUER } from '../pushpin/render.ts';
import { type InfraSettings, internalJwksUriOf, issuerOf, mcpUrlOf } from '../settings.ts';
import { formatToolRules } from '../tool-rules.ts';
import { type ComposeService, hardened, healthcheck, required } from './service.ts';

const READY =
  "fetch('http://127.0.0.1:8080/.odin/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))";

/** The user's server, from the project's own Dockerfile. */
export function odinService(
  settings: InfraSettings,
  { context, replicas }: { context: string; replicas: number },
): ComposeService {
  const toolRules = formatToolRules(settings.tools);
  return {
    build: { context: posix.join('../..', context) },
    image: `\${COMPOSE_PROJECT_NAME}-odin`,
    environment: {
      NODE_ENV: 'production',
      PORT: '8080',
      HOST: '0.0.0.0',
      ASGARD_URL: mcpUrlOf(settings),
      ASGARD_ISSUER: issuerOf(settings),
      // The public name of the issuer leads nowhere inside a container; the inner network is closed and speaks plain HTTP.
      ASGARD_JWKS_URI: internalJwksUriOf(settings),
      ASGARD_DANGEROUSLY_ALLOW_HTTP: 'true',
      ASGARD_SECRETS: required('ASGARD_SEAL_KEY'),
      // Of the client "odin", for introspection and token exchange.
      ASGARD_ODIN_SECRET: required('ASGARD_ODIN_SECRET'),
      ASGARD_ADVERTISE: 'http://{hostname}:8080',
      ASGARD_SERVICE: settings.links === 'absolute' ? odinOrigin(settings.server) : '/',
      ...(toolRules === undefined ? {} : { ASGARD_TOOL_RULES: toolRules }),
      GRIP_URL: gripUrl('hermod:5562'),
      REDIS_URL: `redis://:${required('ASGARD_STORE_PASSWORD')}@store:6379`,
    },
    init: true,
    expose: ['8080'],
    networks: ['core', 'outbound'],
    depends_on: {
      heimdall: { condition: 'service_healthy' },
      store: { condition: 'service_healthy' },
      hermod: { condition: 'service_started' },
    },
    healthcheck: healthcheck(['CMD', 'node', '-e', READY]),
    // Running calls finish and their results arrive.
    stop_grace_period: '40s',
    ...hardened({ memory: '512m', cpus: '1', pids: 256, replicas }),
  };
}

/** The URL by which a server publishes, and knows the requests of the proxy. The key needs no escapes: it is base64url text. */
export function gripUrl(host: string, key: string = required('ASGARD_GRIP_KEY')): string {
  return `tcp://${host}?verify-iss=${GRIP_ISSUER}&verify-key=${key}`;
}

/** Images with exact tags. `infra/compose/images.json` is written from here; `scripts/pin-images.ts` adds digests to that file. */
export const IMAGES = {
  hermod: 'fanout/pushpin:1.41.0-1',
  bifrostBase: 'kong:3.9.3-ubuntu',
  heimdall: 'quay.io/keycloak/keycloak:26.7.3',
  database: 'postgres:17.6-alpine',
  store: 'valkey/valkey:8.1.4-alpine',
  inspector: 'ghcr.io/modelcontextprotocol/inspector:0.21.2',
  prometheus: 'prom/prometheus:v3.11.3',
  grafana: 'grafana/grafana:12.4.3',
} as const;

/** Lua packages that the image of the gateway adds to Kong, all without their dependencies: Kong brings those itself. */
export const BIFROST_ROCKS = [
  ['lua-resty-jwt', '0.2.3-0'],
  ['lua-resty-openidc', '1.8.0-1'],
  ['kong-plugin-oidc', '1.4.0-1'],
] as const;

import { DIGESTS } from './digests.ts';

/** Exact tags: what is run is what was tested. */
export const TAGS = {
  hermod: 'fanout/pushpin:1.41.0-1',
  bifrostBase: 'kong:3.9.3-ubuntu',
  heimdall: 'quay.io/keycloak/keycloak:26.7.3',
  database: 'postgres:17.6-alpine',
  store: 'valkey/valkey:8.1.4-alpine',
  inspector: 'ghcr.io/modelcontextprotocol/inspector:0.21.2',
  prometheus: 'prom/prometheus:v3.11.3',
  grafana: 'grafana/grafana:12.4.3',
} as const;

/**
 * What is run. A tag that `scripts/pin-images.ts` has looked up carries its digest, so that nobody can put another image under it; the
 * digest goes with the tag, and a new tag has none until it is looked up.
 */
export const IMAGES: Readonly<Record<keyof typeof TAGS, string>> = pin(TAGS, DIGESTS);

/** Images with the digests that are known. */
export function pin<Name extends string>(
  tags: Readonly<Record<Name, string>>,
  digests: Readonly<Record<string, string>>,
): Record<Name, string> {
  const pinned = (Object.keys(tags) as Name[]).map((name) => {
    const digest = digests[tags[name]];
    return [name, digest === undefined ? tags[name] : `${tags[name]}@${digest}`];
  });
  return Object.fromEntries(pinned) as Record<Name, string>;
}

/** Lua packages that the image of the gateway adds to Kong, all without their dependencies: Kong brings those itself. */
export const BIFROST_ROCKS = [
  ['lua-resty-jwt', '0.2.3-0'],
  ['lua-resty-openidc', '1.8.0-1'],
  ['kong-plugin-oidc', '1.4.0-1'],
] as const;

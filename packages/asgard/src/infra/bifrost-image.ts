import { BIFROST_ROCKS, IMAGES } from './images.ts';

/**
 * Dockerfile of the gateway: Kong with kong-oidc. The packages come without their dependencies, or luarocks would put the session library
 * of an older kong-oidc over the one that Kong brings. A configuration that Kong refuses fails the build, not the start.
 */
export function renderBifrostDockerfile(): string {
  const rocks = BIFROST_ROCKS.map(([name, version]) => `luarocks install --deps-mode=none ${name} ${version}`);
  return `# Made by "asgard infra".
ARG KONG=${IMAGES.bifrostBase}
FROM \${KONG}

USER root
RUN ${rocks.join(' \\\n && ')}

COPY kong.yml /tmp/kong.yml
RUN KONG_DATABASE=off KONG_PLUGINS=bundled,oidc KONG_PREFIX=/tmp/kong kong config parse /tmp/kong.yml \\
 && rm -rf /tmp/kong /tmp/kong.yml

USER kong
`;
}

import { fromEnvironment } from '@asgard/odin/node';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderCompose, renderHostOverride } from '../../../packages/asgard/src/infra/compose/compose.ts';
import { infraFiles } from '../../../packages/asgard/src/infra/files.ts';
import { SECRET_NAMES } from '../../../packages/asgard/src/infra/secrets.ts';
import { loadComposeSchema } from './compose-schema.ts';
import { exampleSettings, variants } from './settings.ts';

interface Service {
  image?: string;
  build?: { context: string };
  ports?: string[];
  networks: string[];
  profiles?: string[];
  environment?: Record<string, string>;
  user?: string;
  read_only?: boolean;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  cap_drop: string[];
  security_opt: string[];
  healthcheck: { test: string[] };
  deploy: { resources: { limits: { memory: string } } };
}
interface File {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, null>;
}

const validate = loadComposeSchema();
const check = (value: unknown): void => {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
};

test('the schema finds wrong keys and wrong values', () => {
  const file = parse(renderCompose(exampleSettings()));
  file.services.hermod.healthcheck.retriez = 3;
  expect(validate(file)).toBe(false);
  const other = parse(renderCompose(exampleSettings()));
  other.services.bifrost.depends_on.heimdall.condition = 'service_happy';
  expect(validate(other)).toBe(false);
});

describe.each(variants)('compose.yaml: %s', (_, settings) => {
  const text = renderCompose(settings);
  const file = parse(text, { strict: true, uniqueKeys: true }) as File;
  const services = Object.entries(file.services);

  test('is valid by the Compose Specification', () => {
    check(file);
    check(parse(renderHostOverride(settings)));
  });

  test('publishes one entrance, and tools of people on the loopback only', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined);
    const always = published.filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name)).toEqual([settings.edge]);
    for (const [, { ports }] of published) for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('every service is checked, limited and has no privileges', () => {
    for (const [name, service] of services) {
      expect(service.healthcheck.test.length, name).toBeGreaterThan(1);
      expect(service.deploy.resources.limits.memory, name).toMatch(/^\d+[mg]$/);
      expect(service.cap_drop, name).toEqual(['ALL']);
      expect(service.security_opt, name).toEqual(['no-new-privileges:true']);
    }
  });

  test('everything that is not built has an exact version', () => {
    for (const [name, { image, build }] of services) {
      if (build === undefined) expect(image, name).toMatch(/:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/);
    }
  });

  test('every secret comes from the environment, is one of ours, and stops compose when it is missing', () => {
    const names = [...text.matchAll(/\$\{([A-Z_]+)([^}]*)\}/g)].filter(([, name]) => name !== 'COMPOSE_PROJECT_NAME');
    expect(names.length).toBeGreaterThan(5);
    for (const [, name, rest] of names) {
      expect(SECRET_NAMES).toContain(name);
      expect(rest).toMatch(/^:\?/);
    }
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD$|SECRET$|TOKEN$|_KEY$/.test(variable))
          expect(value, `${name} ${variable}`).toMatch(/^\$\{ASGARD_/);
      }
    }
  });

  test.runIf(file.services.odin)('the server reads its environment, what its replicas share included', async () => {
    const secret = '0123456789abcdef0123456789abcdef0123456789a';
    const env = Object.fromEntries(
      Object.entries(file.services.odin?.environment ?? {}).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{[^}]*\}/g, secret),
      ]),
    );
    const { url, auth, hermod, secrets, cluster } = fromEnvironment(env);
    expect({ url, issuer: auth?.issuer, secrets }).toEqual({
      url: env.ASGARD_URL,
      issuer: env.ASGARD_ISSUER,
      secrets: [secret],
    });
    expect(cluster).toMatchObject({ connected: false });
    await Promise.all([hermod?.publisher.close(), cluster?.close?.()]);
  });

  test('networks and volumes exist; only the entrance, what people look at and Odin reach out', () => {
    for (const [name, { networks, volumes = [], depends_on = {} }] of services) {
      for (const network of networks) expect(file.networks, name).toHaveProperty(network);
      for (const other of Object.keys(depends_on)) expect(file.services, name).toHaveProperty(other);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (!source.startsWith('./')) expect(file.volumes, name).toHaveProperty(source);
        else expect(volume, name).toMatch(/:ro$/);
      }
    }
    expect(file.networks.core).toEqual({ internal: true });
    expect(file.networks.data).toEqual({ internal: true });
    expect(file.services.database?.networks).toEqual(['data']);
    expect(file.services.heimdall?.networks).toEqual(['core', 'data']);
  });

  test('what is mounted is rendered', () => {
    const paths = infraFiles(settings).map(({ path }) => path);
    for (const volume of services
      .flatMap(([, { volumes = [] }]) => volumes)
      .filter((entry) => entry.startsWith('./'))) {
      const source = (volume.split(':')[0] ?? '').slice(2);
      expect(
        paths.some((path) => path === source || path.startsWith(`${source}/`)),
        source,
      ).toBe(true);
    }
  });
});

test('a changed gateway rule starts the gateway anew and nothing else', () => {
  const labels = (infra: object): Record<string, unknown> => {
    const text = infraFiles(exampleSettings(infra)).find(({ path }) => path === 'compose.yaml')?.content ?? '';
    const { services } = parse(text) as { services: Record<string, { labels?: Record<string, string> }> };
    return Object.fromEntries(
      Object.entries(services).map(([name, service]) => [name, service.labels?.['asgard.config']]),
    );
  };
  const [before, after] = [labels({}), labels({ tools: { drop: { deny: true } } })];
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed).toEqual(['bifrost']);
});

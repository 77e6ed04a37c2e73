import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { KongConfig, KongPlugin, KongService } from '../../../packages/asgard/src/infra/kong/config.ts';
import { parseKongConfig } from '../../../packages/asgard/src/infra/kong/parse.ts';
import { kongConfig, renderKong } from '../../../packages/asgard/src/infra/kong/render.ts';
import { findKongFaults } from '../../../packages/asgard/src/infra/kong/rules.ts';
import { mcpUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { exampleSettings, variants } from './settings.ts';

describe.each(variants)('kong.yml: %s', (_, settings) => {
  const text = renderKong(settings);
  const config = parseKongConfig(text);

  test('comes back from YAML as it went', () => {
    expect(config).toEqual(kongConfig(settings));
  });

  test('breaks no rule', () => {
    expect(findKongFaults(config, { audience: mcpUrlOf(settings), maxHoldSeconds: settings.maxHoldSeconds })).toEqual(
      [],
    );
  });

  test('has one name for one thing, and no plugin twice at one place', () => {
    const routes = config.services.flatMap((service) => service.routes);
    for (const names of [config.services.map(({ name }) => name), routes.map(({ name }) => name)]) {
      expect(new Set(names).size).toBe(names.length);
    }
    for (const { plugins = [] } of [config, ...config.services, ...routes]) {
      expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
    }
  });

  test('never asks for no token on the path of the endpoint, but of the hosts of tenants', () => {
    for (const service of config.services) {
      const onEndpoint = service.routes.some(({ paths, hosts }) => paths.includes(settings.mcpPath) && !hosts);
      expect(service.plugins?.some(({ name }) => name === 'oidc') ?? false, service.name).toBe(onEndpoint);
    }
  });

  test('holds no secret and no cache of answers', () => {
    expect(text).not.toMatch(/proxy-cache|changeme|REPLACE/);
    expect([...text.matchAll(/client_secret: (.+)/g)].map(([, value]) => value)).toEqual(
      config.services
        .filter(({ plugins }) => plugins?.some(({ name }) => name === 'oidc'))
        .map(() => 'unused-in-jwt-mode'),
    );
  });
});

describe('hosts of tenants', () => {
  const settings = exampleSettings({
    ...{ edge: 'bifrost', publicUrl: 'https://mcp.example.com', tenantHosts: ['valhalla.example.com'] },
    tools: { drop: { deny: true }, search: { perMinute: 60 }, forge: { hold: true } },
  });
  const { services, plugins } = kongConfig(settings);
  const routesOf = (name: string) => must(services.find((service) => service.name === name)).routes;

  test('have every route of the endpoint, with one kind of rule more', () => {
    for (const target of ['odin', 'hermod']) {
      const main = routesOf(target);
      const tenants = routesOf(`${target}-tenants`);
      expect(tenants).toEqual(
        main.map((route) => ({ ...route, name: `tenants-${route.name}`, hosts: ['valhalla.example.com'] })),
      );
    }
  });

  test('have the rules of pages and no challenge of the main host', () => {
    const names = services
      .filter(({ name }) => name.endsWith('-tenants'))
      .map((service) => service.plugins?.map(({ name }) => name));
    expect(names).toEqual([
      ['cors', 'post-function'],
      ['cors', 'post-function'],
    ]);
    expect(JSON.stringify(services.filter(({ name }) => name.endsWith('-tenants')))).not.toContain('resource_metadata');
    expect(JSON.stringify(plugins)).toContain('valhalla.example.com');
  });

  test.each(['https://valhalla.example.com', 'valhalla.example.com:443', 'Valhalla.example.com', '*.example.com', ''])(
    '%j is none',
    (host) => {
      expect(() => exampleSettings({ tenantHosts: [host] })).toThrow(/infra\.tenantHosts/);
    },
  );

  test('the main host is none', () => {
    const input = { publicUrl: 'https://mcp.example.com', tenantHosts: ['mcp.example.com'] };
    expect(() => exampleSettings(input)).toThrow(/tenantHosts: has the host of publicUrl/);
  });
});

describe('the two topologies', () => {
  test('edge: hermod sends everything to Odin and lets relative links through without a token', () => {
    const { services } = kongConfig(exampleSettings({ links: 'relative' }));
    expect(services.map(({ name }) => name)).toEqual(['odin', 'odin-open', 'heimdall', 'issuer-metadata']);
    expect(routeNames(services, 'odin-open')).toEqual(['protected-resource', 'next-link']);
    expect(routeNames(kongConfig(exampleSettings()).services, 'odin-open')).toEqual(['protected-resource']);
  });

  test('edge: bifrost sends what is held through Hermod, and strips what only Hermod may say', () => {
    const config = kongConfig(exampleSettings({ edge: 'bifrost', tools: { forge: { hold: true } } }));
    expect(routeNames(config.services, 'hermod')).toEqual(['held-streams', 'held-subscriptions', 'tool-forge']);
    expect(scriptOf(config)).toContain('"Grip-Sig"');
    expect(scriptOf(kongConfig(exampleSettings()))).not.toContain('Grip-Sig');
  });
});

test('the X-Forwarded family comes from the settings, and the administrators are for this machine only', () => {
  const config = kongConfig(exampleSettings({ publicUrl: 'https://mcp.example.com' }));
  for (const line of ['proto = "https"', 'host = "mcp.example.com"', 'port = "443"']) {
    expect(scriptOf(config)).toContain(`ngx.var.upstream_x_forwarded_${line}`);
  }
  const paths = (settings: object): string => JSON.stringify(kongConfig(exampleSettings(settings)).services);
  expect(paths({ publicUrl: 'https://mcp.example.com' })).not.toContain('/heimdall/admin');
  expect(paths({})).toContain('/heimdall/admin');
});

test('rules for tools are routes of equal kinds', () => {
  const { services } = kongConfig(exampleSettings({ tools: { 'admin_*': { deny: true }, search: { perMinute: 60 } } }));
  const [, denied, limited] = services.find(({ name }) => name === 'odin')?.routes ?? [];
  expect(denied).toMatchObject({
    methods: ['POST'],
    headers: { 'mcp-method': ['tools/call'], 'mcp-name': ['~*^admin_'] },
    plugins: [{ name: 'request-termination', config: { status_code: 403 } }],
  });
  expect(limited).toMatchObject({ headers: { 'mcp-name': ['search'] }, plugins: [{ config: { minute: 60 } }] });
});

describe('the rules find', () => {
  const base = kongConfig(exampleSettings({ tools: { drop: { deny: true } } }));
  const odin = (change: (service: KongService) => KongService): KongConfig => ({
    ...base,
    services: base.services.map((service) => (service.name === 'odin' ? change(service) : service)),
  });
  const plugin =
    (name: string, config: object) =>
    (service: KongService): KongService => ({
      ...service,
      plugins: service.plugins?.map((entry) =>
        entry.name === name ? ({ name, config: { ...entry.config, ...config } } as KongPlugin) : entry,
      ),
    });

  test.each([
    [
      'a forged identity',
      { ...base, plugins: base.plugins.filter(({ name }) => name !== 'pre-function') },
      /strip X-Userinfo/,
    ],
    ['retries', odin((service) => ({ ...service, retries: 5 })), /retries is not 0/],
    ['a short read timeout', odin((service) => ({ ...service, read_timeout: 60_000 })), /read_timeout/],
    [
      'buffering',
      odin((service) => ({
        ...service,
        routes: service.routes.map((route) => ({ ...route, response_buffering: true })),
      })),
      /response_buffering/,
    ],
    [
      'introspection beside JWT',
      odin(plugin('oidc', { introspection_endpoint: 'http://heimdall/x' })),
      /introspection_endpoint/,
    ],
    ['no JWT check', odin(plugin('oidc', { bearer_jwt_auth_enable: 'no' })), /audience without bearer_jwt_auth_enable/],
    ['browser sign-in', odin(plugin('oidc', { unauth_action: 'auth' })), /unauth_action/],
    [
      'another audience',
      odin(plugin('oidc', { bearer_jwt_auth_allowed_auds: ['https://other.example/mcp'] })),
      /audience is/,
    ],
    [
      'any origin with credentials',
      odin(plugin('cors', { origins: ['*'], credentials: true })),
      /every origin, with credentials/,
    ],
    [
      'no challenge',
      odin((service) => ({ ...service, plugins: service.plugins?.filter(({ name }) => name !== 'post-function') })),
      /resource_metadata/,
    ],
    [
      'an endpoint without a check of tokens',
      odin((service) => ({ ...service, plugins: service.plugins?.filter(({ name }) => name !== 'oidc') })),
      /route mcp: leads to the endpoint without a check/,
    ],
    [
      'the main host among those of tenants',
      {
        ...base,
        services: base.services.flatMap((service) =>
          service.name === 'odin'
            ? [
                service,
                {
                  ...service,
                  name: 'tenants',
                  plugins: [],
                  routes: service.routes.map((route) => ({ ...route, name: `t-${route.name}`, hosts: ['localhost'] })),
                },
              ]
            : [service],
        ),
      },
      /route t-mcp: leads to the endpoint without a check/,
    ],
    [
      'a bypassed denial',
      odin((service) => ({
        ...service,
        routes: service.routes.map((route) =>
          route.name === 'tool-drop' ? { ...route, headers: undefined } : { ...route, methods: ['POST'] },
        ),
      })),
      undefined,
    ],
    [
      'a denial with fewer kinds',
      odin((service) => ({
        ...service,
        routes: [
          ...service.routes.map((route) => (route.name === 'tool-drop' ? { ...route, methods: undefined } : route)),
          { ...must(service.routes[0]), name: 'broad', methods: ['POST'], headers: { 'mcp-method': ['tools/call'] } },
        ],
      })),
      /tool-drop is bypassed by broad/,
    ],
  ] as const)('%s', (_, config, message) => {
    const faults = findKongFaults(config as KongConfig, {
      audience: 'http://localhost:7999/mcp',
      maxHoldSeconds: 3600,
    });
    if (message === undefined) expect(faults).toEqual([]);
    else expect(faults.join('\n')).toMatch(message);
  });

  test('two audiences, which the cache of kong-oidc would mix up', () => {
    const [service] = base.services;
    const second = plugin('oidc', { bearer_jwt_auth_allowed_auds: ['https://b.example/mcp'] })({
      ...must(service),
      name: 'b',
    });
    expect(findKongFaults({ ...base, services: [...base.services, second] }).join()).toContain('2 audiences');
  });
});

describe('the reader refuses', () => {
  test.each([
    ['an unknown field of a plugin', (text: string) => text.replace('max_age', 'max_ages')],
    [
      'a boolean where kong-oidc wants a word',
      (text: string) =>
        text.replace('bearer_only: yes', 'bearer_only: true').replace('bearer_only: "yes"', 'bearer_only: true'),
    ],
    ['an unknown field of a service', (text: string) => text.replace('read_timeout', 'read_timeoot')],
    [
      'an unknown plugin',
      () => stringify({ ...kongConfig(exampleSettings()), plugins: [{ name: 'proxy-cache', config: {} }] }),
    ],
    ['text that is not YAML', () => '{ a: ['],
  ])('%s', (_, change) => {
    const text = change(renderKong(exampleSettings()));
    expect(text).not.toBe(renderKong(exampleSettings()));
    expect(() => parseKongConfig(text)).toThrow(/kong\.yml/);
  });
});

function routeNames(services: readonly KongService[], name: string): string[] | undefined {
  return services.find((service) => service.name === name)?.routes.map((route) => route.name);
}

function scriptOf({ plugins }: KongConfig): string {
  const [first] = plugins;
  return first?.name === 'pre-function' ? first.config.access.join('\n') : '';
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing');
  return value;
}

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { KongConfig } from '../../../packages/asgard/src/infra/kong/config.ts';
import { kongConfig } from '../../../packages/asgard/src/infra/kong/render.ts';
import { REGISTRATION_RULE } from '../../../packages/asgard/src/infra/registration-rule.ts';
import { applyBodyRule } from '../../../packages/devstack/src/bifrost/body-rule.ts';
import { describeWith, type Found } from '../../real/requirement.ts';
import { runLua } from './lua.ts';
import { exampleSettings, variants } from './settings.ts';

function findLua(): Found<object> {
  try {
    execFileSync('luajit', ['-v'], { timeout: 20_000 });
    return {};
  } catch {
    return { missing: 'The scripts of kong.yml need luajit, and there is none on PATH' };
  }
}

/** The scripts that are written into kong.yml, by the Lua that Kong has. */
describeWith('scripts of kong.yml', findLua(), () => {
  const settings = exampleSettings({
    ...{ edge: 'bifrost', publicUrl: 'https://mcp.example.com', scopes: ['mcp:tools'] },
    ...{ tenantHosts: ['valhalla.example.com'], tools: { drop: { deny: true } } },
  });
  const scripts = scriptsOf(kongConfig(settings));

  test.each(variants)('all of them run: %s', (_, variant) => {
    for (const script of Object.values(scriptsOf(kongConfig(variant))).flat()) {
      expect(runLua(script, { status: 200, headers: {}, response: {} })).toHaveProperty('cleared');
    }
  });

  describe('pre-function', () => {
    const [script = ''] = scripts['pre-function.access'] ?? [];

    test('clears what only the gateway and the proxy may say', () => {
      expect(runLua(script, { host: 'mcp.example.com' }).cleared).toEqual(
        expect.arrayContaining(['X-Userinfo', 'X-ID-Token', 'X-Access-Token', 'X-Credential-Identifier', 'Grip-Sig']),
      );
    });

    test.each([
      ['mcp.example.com', 'mcp.example.com'],
      ['valhalla.example.com', 'valhalla.example.com'],
      ['Valhalla.Example.com', 'valhalla.example.com'],
      ['evil.example', 'mcp.example.com'],
      ['', 'mcp.example.com'],
    ])('says for the host %j that it is %j', (host, said) => {
      expect(runLua(script, { host }).upstream).toEqual({
        upstream_x_forwarded_proto: 'https',
        upstream_x_forwarded_host: said,
        upstream_x_forwarded_port: '443',
        upstream_x_forwarded_prefix: '',
      });
    });
  });

  describe('the challenge', () => {
    const [script = ''] = (scripts['post-function.header_filter'] ?? []).filter((one) => one.includes('401'));
    const metadata =
      'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="mcp:tools"';

    test.each([
      [{}, undefined, `Bearer ${metadata}`],
      [{ Authorization: 'Bearer x' }, 'Bearer realm="asgard",error="x"', `Bearer error="invalid_token", ${metadata}`],
      [{ authorization: 'Bearer x' }, 'Bearer resource_metadata="https://odin"', undefined],
    ])('for %j with %j is %j', (headers, given, expected) => {
      const answer = given === undefined ? {} : { 'WWW-Authenticate': given };
      const { response } = runLua(script, { status: 401, headers, response: answer });
      expect(response['WWW-Authenticate']).toBe(expected);
      expect(runLua(script, { status: 200, headers, response: answer }).response).toEqual({});
    });
  });

  test('streams are told not to be buffered', () => {
    const [script = ''] = (scripts['post-function.header_filter'] ?? []).filter((one) => one.includes('event-stream'));
    const said = (type: string) => runLua(script, { status: 200, response: { 'Content-Type': type } }).response;
    expect(said('text/event-stream; charset=utf-8')).toEqual({ 'X-Accel-Buffering': 'no' });
    expect(said('application/json')).toEqual({});
  });

  describe('the headers of MCP', () => {
    const [script = ''] = (scripts['post-function.access'] ?? []).filter((one) => one.includes('Mcp-Method'));
    const version = { 'mcp-protocol-version': '2026-07-28' };

    test.each([
      [{ ...version }, 400],
      [{ ...version, 'mcp-method': 'tools/call' }, 400],
      [{ ...version, 'mcp-method': 'tools/call', 'mcp-name': 'drop' }, undefined],
      [{ ...version, 'mcp-method': 'tools/list' }, undefined],
      [{ 'mcp-protocol-version': '2025-11-25' }, undefined],
      [{}, undefined],
    ])('%j: %j', (headers, status) => {
      const { exit } = runLua(script, { method: 'POST', headers });
      expect(exit?.status).toBe(status);
      if (exit) expect(JSON.parse(String(exit.body))).toMatchObject({ id: null, error: { code: -32_020 } });
      expect(runLua(script, { method: 'GET', headers }).exit).toBeUndefined();
    });
  });

  describe('registration', () => {
    const [script = ''] = (scripts['post-function.access'] ?? []).filter((one) => one.includes('grant_types'));
    const apply = (body: unknown, method = 'POST') => {
      const raw = JSON.stringify(body);
      return { lua: runLua(script, { method, raw, body }), stand: applyBodyRule(REGISTRATION_RULE, raw) };
    };

    test.each([
      [{ client_name: 'ä "x" \\ \n', redirect_uris: ['http://127.0.0.1:1/c'], token_endpoint_auth_method: 'none' }],
      [{ client_name: 'x', scope: 'a', jwks_uri: 'http://store', request_uris: ['http://store'], x: { y: [1] } }],
      [
        {
          grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
          response_types: ['token', 'code'],
        },
      ],
      [{ dpop_bound_access_tokens: true, client_id: 'a', client_secret: 'b' }],
    ])('lets the same of %j through as the stand-in', (body) => {
      for (const method of ['POST', 'PUT']) {
        const { lua, stand } = apply(body, method);
        expect(lua).toMatchObject({ mimetype: 'application/json' });
        expect(stand).toMatchObject({ ok: true });
        expect(lua.body).toEqual(stand.ok && JSON.parse(stand.body));
      }
    });

    test.each([
      [{ token_endpoint_auth_method: 'private_key_jwt' }],
      [{ token_endpoint_auth_method: null }],
      [{ grant_types: ['client_credentials'] }],
      [{ grant_types: [] }],
      [{ grant_types: [['authorization_code']] }],
      [{ grant_types: { x: 'authorization_code' } }],
      [{ response_types: 'token' }],
      [['authorization_code']],
      ['text'],
      [7],
    ])('refuses %j as the stand-in does', (body) => {
      const { lua, stand } = apply(body);
      const problem = stand.ok ? '' : stand.problem;
      expect(lua.exit).toMatchObject({
        status: 400,
        body: { error: 'invalid_client_metadata', error_description: problem },
      });
      expect(lua.body).toBeUndefined();
    });

    test('refuses a body that Kong could not read, or that is too large', () => {
      expect(runLua(script, { method: 'POST' }).exit?.status).toBe(413);
      expect(runLua(script, { method: 'POST', raw: 'x'.repeat(16_385), body: {} }).exit?.status).toBe(413);
      expect(runLua(script, { method: 'POST', raw: '{' }).exit?.status).toBe(400);
    });

    test('has nothing to say to requests without a body', () => {
      expect(runLua(script, { method: 'GET' })).toEqual({ cleared: {}, upstream: {}, response: {} });
    });
  });
});

/** Every script of a configuration, by plugin and phase. */
function scriptsOf({ plugins, services }: KongConfig): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  const all = [
    ...plugins,
    ...services.flatMap((service) => [
      ...(service.plugins ?? []),
      ...service.routes.flatMap((route) => route.plugins ?? []),
    ]),
  ];
  for (const { name, config } of all) {
    if (name !== 'pre-function' && name !== 'post-function') continue;
    for (const [phase, scripts] of Object.entries(config)) {
      const key = `${name}.${phase}`;
      found[key] = [...(found[key] ?? []), ...(scripts as readonly string[])];
    }
  }
  return found;
}

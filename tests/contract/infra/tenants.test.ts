import { type Heimdall, signIn, startBifrost, startHeimdall } from '@asgard/devstack';
import { OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { mcpUrlOf, resourceMetadataUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { type Answer, send } from '../bifrost/gateway-client.ts';

import { exampleSettings } from './settings.ts';

/** The rendered routes with the check of tokens that Kong makes, in front of a server with tenants. */
const settings = exampleSettings({
  publicUrl: 'https://mcp.example.com',
  tenantHosts: ['mcp.valhalla.example'],
  tools: { 'admin_*': { deny: true } },
});
const MAIN = mcpUrlOf(settings);
const TENANT = 'https://mcp.valhalla.example/mcp';

const closers: (() => Promise<void>)[] = [];
let url = '';
let main: Heimdall;
let valhalla: Heimdall;
const tokens = { main: '', tenant: '', foreign: '' };

beforeAll(async () => {
  main = await startIssuer([MAIN]);
  valhalla = await startIssuer([TENANT, 'https://other.example/mcp']);
  const odin = new OdinServer({
    ...{ name: 'main', version: '1', url: MAIN },
    auth: {
      issuer: main.issuer,
      tenants: [{ host: 'mcp.valhalla.example', issuer: valhalla.issuer, resource: TENANT }],
    },
  });
  odin.tool({ name: 'who' }, (context) => String(context.principal?.issuer));
  odin.tool({ name: 'admin_drop' }, () => 'dropped');
  const listening = await listen(odin, { port: 0, host: '127.0.0.1' });
  const places = { odin: listening.url, hermod: listening.url, heimdall: main.url };
  const bifrost = await startBifrost({
    routes: toGatewayRoutes(infraRoutes(settings), places, { ...settings, checkTokens: true }),
    tokens: { issuer: main.issuer, audience: MAIN, resourceMetadata: resourceMetadataUrlOf(settings) },
  });
  closers.push(bifrost.close, listening.close, main.close, valhalla.close);
  url = bifrost.url;
  tokens.main = await tokenOf(main, MAIN);
  tokens.tenant = await tokenOf(valhalla, TENANT);
  tokens.foreign = await tokenOf(valhalla, 'https://other.example/mcp');
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe.each([
  ['mcp.example.com', 'main', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'],
  ['mcp.valhalla.example', 'tenant', 'https://mcp.valhalla.example/.well-known/oauth-protected-resource/mcp'],
] as const)('%s', (host, own, metadata) => {
  test('takes tokens for its own audience', async () => {
    const answer = await call(host, 'who', tokens[own]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(own === 'main' ? main.issuer : valhalla.issuer);
  });

  test.each(['main', 'tenant', 'foreign', 'none'] as const)(
    'refuses others, and leads to its own document: %s',
    async (kind) => {
      if (kind === own) return;
      const answer = await call(host, 'who', kind === 'none' ? undefined : tokens[kind]);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain(`resource_metadata="${metadata}"`);
    },
  );

  test('serves that document', async () => {
    const answer = await send(`${url}/.well-known/oauth-protected-resource/mcp`, { headers: { host } });
    expect(JSON.parse(answer.body)).toMatchObject({
      resource: own === 'main' ? MAIN : TENANT,
      authorization_servers: [own === 'main' ? main.issuer : valhalla.issuer],
    });
  });

  test('has the rules for tools', async () => {
    expect((await call(host, 'admin_drop', tokens[own])).status).toBe(403);
  });
});

test('a host that nobody has gets nothing, whatever its token', async () => {
  expect((await call('mcp.evil.example', 'who', undefined)).status).toBe(401);
  expect((await call('mcp.evil.example', 'who', tokens.tenant)).status).toBe(401);
  expect((await call('mcp.evil.example', 'who', tokens.main)).status).toBe(403);
});

async function startIssuer(resources: readonly string[]): Promise<Heimdall> {
  // Its port is part of its name, so it is asked for twice.
  const probe = await startHeimdall({ publicUrl: 'http://127.0.0.1/heimdall/realms/asgard', resources });
  await probe.close();
  const publicUrl = `${probe.url}/heimdall/realms/asgard`;
  return startHeimdall({ publicUrl, port: probe.port, resources });
}

async function tokenOf({ issuer }: Heimdall, resource: string): Promise<string> {
  return (await signIn({ issuer, user: 'freya', resource, scope: 'openid' })).accessToken;
}

function call(host: string, name: string, token: string | undefined): Promise<Answer> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, _meta: meta } });
  return send(`${url}/mcp`, {
    method: 'POST',
    headers: {
      ...{ host, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body,
  });
}

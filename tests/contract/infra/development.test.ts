import type { GatewayRoute } from '@asgard/devstack';
import { expect, test } from 'vitest';
import { startStandIns } from '../../../packages/asgard/src/dev/dev-stack.ts';
import { developmentSettings } from '../../../packages/asgard/src/dev/settings.ts';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { developmentRoutes } from '../../../packages/devstack/src/bifrost/development-routes.ts';
import { compileRoutes, matchRoute } from '../../../packages/devstack/src/bifrost/route-table.ts';
import { exampleSettings } from './settings.ts';

/** The usual routes of the development stack, against those that are written into kong.yml. */
const settings = exampleSettings({ links: 'relative' });
const [server, heimdall, hermod] = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'];
const usual = developmentRoutes({ server, heimdall }, settings);
const rendered = toGatewayRoutes(infraRoutes(settings), { odin: server, heimdall, hermod }, settings);

function destination(routes: readonly GatewayRoute[], method: string, path: string): string | undefined {
  const match = matchRoute(compileRoutes(routes), { method, path, headers: {} });
  return match && `${match.route.origin} ${match.route.cors?.origins.join(',') ?? '-'}`;
}

test.each([
  ['POST', '/mcp', `${server} ${settings.corsOrigins.join(',')}`],
  ['GET', '/mcp', `${server} ${settings.corsOrigins.join(',')}`],
  ['GET', '/.well-known/oauth-protected-resource', `${server} -`],
  ['GET', '/.well-known/oauth-protected-resource/mcp', `${server} -`],
  ['GET', '/.odin/next/r1.0', `${server} -`],
  ['POST', '/.odin/next/r1.0', undefined],
  ['GET', '/.odin/ready', undefined],
  ['POST', '/.odin/logout', undefined],
  ['GET', '/heimdall/realms/asgard/.well-known/openid-configuration', `${heimdall} -`],
  ['GET', '/.well-known/oauth-authorization-server', `${heimdall} -`],
  ['GET', '/.well-known/openid-configuration/heimdall/realms/asgard', `${heimdall} -`],
  ['GET', '/else', undefined],
])('%s %s goes to the same place in both', (method, path, expected) => {
  expect(destination(rendered, method, path)).toBe(expected);
  expect(destination(usual, method, path)).toBe(expected);
});

test.each([
  [{ 'admin_*': { deny: true }, forge: { hold: true } }, '{"admin_*":{"deny":true}}'],
  [{ forge: { hold: true } }, undefined],
])('the server under asgard dev is told of the rules %j', async (tools, told) => {
  const stack = await startStandIns({
    ...{ port: 0, serverPort: 1, onRefusal: () => undefined },
    settings: developmentSettings(JSON.stringify({ infra: { tools } })),
  });
  try {
    expect(stack.environment.ASGARD_TOOL_RULES).toBe(told);
    expect(stack.environment.ASGARD_URL).toBe(stack.mcpUrl);
  } finally {
    await stack.close();
  }
});

import { startDevStack } from '@asgard/devstack';
import { toGatewayRoutes } from '../infra/gateway-routes.ts';
import { infraRoutes } from '../infra/routes.ts';
import { formatToolRules } from '../infra/tool-rules.ts';
import { createRefusalFilter } from './refusals.ts';
import { developmentSettings } from './settings.ts';
import type { Stack, StackOptions } from './stack.ts';

/** The stand-ins for proxy, gateway and identity provider, with the routes that `asgard infra` writes into kong.yml. */
export async function startStandIns({
  port,
  serverPort,
  settings,
  onRefusal,
  onTraffic,
}: StackOptions): Promise<Stack> {
  const complete = settings ?? developmentSettings();
  const { mcpPath, edge } = complete;
  const filterRefusals = createRefusalFilter(mcpPath, onRefusal);
  const stack = await startDevStack({
    ...{ port, serverPort, mcpPath, edge },
    routes: ({ url, server, heimdall, hermod }) => {
      const placed = { ...complete, publicUrl: url };
      return toGatewayRoutes(infraRoutes(placed), { odin: server, heimdall, hermod }, placed);
    },
    onEvent: (event) => {
      filterRefusals(event);
      onTraffic?.(event);
    },
  });
  const toolRules = formatToolRules(complete.tools);
  if (toolRules === undefined) return stack;
  return { ...stack, environment: { ...stack.environment, ASGARD_TOOL_RULES: toolRules } };
}

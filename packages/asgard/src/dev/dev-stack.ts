import { startDevStack } from '@asgard/devstack';
import { createRefusalFilter } from './refusals.ts';
import type { Stack, StackOptions } from './stack.ts';

/** The stand-ins for proxy, gateway and identity provider. */
export function startStandIns({ port, serverPort, onRefusal, onTraffic }: StackOptions): Promise<Stack> {
  const filterRefusals = createRefusalFilter('/mcp', onRefusal);
  return startDevStack({
    port,
    serverPort,
    onEvent: (event) => {
      filterRefusals(event);
      onTraffic?.(event);
    },
  });
}

import { startDevStack } from '@asgard/devstack';
import { createRefusalFilter } from './refusals.ts';
import type { Stack, StackOptions } from './stack.ts';

/** The stand-ins for proxy, gateway and identity provider. */
export function startStandIns({ port, serverPort, onRefusal }: StackOptions): Promise<Stack> {
  return startDevStack({ port, serverPort, onEvent: createRefusalFilter('/mcp', onRefusal) });
}

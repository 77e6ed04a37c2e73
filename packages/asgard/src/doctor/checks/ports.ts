import { portAdvice, takenPort } from '../../infra/ports.ts';
import { type Check, failed, ok } from '../check.ts';

export const portsCheck: Check = {
  name: 'ports',
  run: async ({ effects, stack, chain, signal }) => {
    const { port, bind, edge } = stack.settings;
    const own = chain !== undefined && portOf(chain.mcpUrl) === port;
    const taken = await takenPort(effects, { port, bind }, signal);
    if (taken === undefined) return ok(`${bind}:${port} is free`);
    if (own) return ok(`${bind}:${port} is ours`);
    return failed(
      `${bind}:${port}, where ${edge} is to listen, is taken${taken.by === undefined ? '' : ` by ${taken.by}`}`,
      `Stop that, or take another: ${portAdvice(stack, taken.nextFree)}`,
    );
  },
};

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

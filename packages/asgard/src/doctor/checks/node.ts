import { isNodeSupported, OLDEST_NODE } from '../../node-version.ts';
import { type Check, failed, ok } from '../check.ts';

export const nodeCheck: Check = {
  name: 'node',
  run: async ({ nodeVersion }) =>
    isNodeSupported(nodeVersion)
      ? ok(`Node ${nodeVersion}`)
      : failed(`Node ${nodeVersion} is older than ${OLDEST_NODE}`, 'Install Node 24: https://nodejs.org'),
};

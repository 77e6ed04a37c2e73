import { type Check, failed, ok } from '../check.ts';

const MINIMUM = [20, 19] as const;

export const nodeCheck: Check = {
  name: 'node',
  run: async ({ nodeVersion }) => {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    const isNew = major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
    return isNew
      ? ok(`Node ${nodeVersion}`)
      : failed(`Node ${nodeVersion} is older than ${MINIMUM.join('.')}`, 'Install Node 24: https://nodejs.org');
  },
};

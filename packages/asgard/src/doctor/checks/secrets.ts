import { findWeakSecrets } from '../../infra/secrets.ts';
import { readSecrets } from '../../infra/stack.ts';
import { type Check, failed, ok, skipped } from '../check.ts';

export const secretsCheck: Check = {
  name: 'secrets',
  run: async ({ effects, stack, started }) => {
    if (!started) return skipped('asgard infra up makes them');
    const weak = findWeakSecrets(await readSecrets(effects, stack));
    if (weak.length > 0) return failed(`missing or weak: ${weak.join(', ')}`, 'Make them: asgard infra up');
    const mode = (await effects.files.mode(stack.secretsFile)) ?? 0;
    if (effects.platform !== 'win32' && (mode & 0o077) !== 0) {
      return failed(`others may read ${stack.secretsFile}`, `chmod 600 ${stack.secretsFile}`);
    }
    return ok('all there, 32 bytes each, for your eyes only');
  },
};

import { join } from 'node:path';
import { parseIni } from '../../infra/pushpin/ini.ts';
import { KEY_MARK } from '../../infra/pushpin/render.ts';
import { readSecrets } from '../../infra/stack.ts';
import { type Check, failed, ok, skipped } from '../check.ts';

/** Hermod signs and Odin checks with one key, or no stream is ever held. A server of this machine has it in its .env. */
export const gripKeyCheck: Check = {
  name: 'grip key',
  run: async ({ effects, stack, started }) => {
    if (!started) return skipped('asgard infra up makes it');
    const { ASGARD_GRIP_KEY: key } = await readSecrets(effects, stack);
    const conf = await effects.files.read(join(stack.folder, 'hermod/pushpin.conf'));
    const inFile = parseIni(conf ?? '').proxy?.sig_key;
    if (inFile !== KEY_MARK && inFile !== key) {
      return failed('pushpin.conf signs with another key than Odin checks', `In pushpin.conf: sig_key=${KEY_MARK}`);
    }
    const env = await effects.files.read(join(stack.directory, '.env'));
    const [, url] = /^GRIP_URL=(\S+)$/m.exec(env ?? '') ?? [];
    if (url !== undefined && stack.settings.server.kind === 'host') {
      const keys = new URLSearchParams(url.slice(url.indexOf('?'))).getAll('verify-key');
      if (key !== undefined && !keys.includes(key)) {
        return failed(
          '.env has another key in GRIP_URL than Hermod signs with',
          'asgard infra env --show-secrets > .env',
        );
      }
    }
    return ok('Hermod and Odin have the same');
  },
};

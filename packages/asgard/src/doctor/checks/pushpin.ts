import { join } from 'node:path';
import { parseIni } from '../../infra/pushpin/ini.ts';
import { findPushpinFaults } from '../../infra/pushpin/rules.ts';
import { type Check, failed, ok, skipped, warning } from '../check.ts';

const NATIVE_CONFIG = '/etc/pushpin/pushpin.conf';

/** The settings of the stack's Pushpin. */
export const pushpinCheck: Check = {
  name: 'pushpin.conf',
  run: async ({ effects, stack, started }) => {
    if (!started) return skipped('asgard infra up writes it');
    const path = join(stack.folder, 'hermod/pushpin.conf');
    const text = await effects.files.read(path);
    if (text === undefined) return failed(`${path} is missing`, 'Write it: asgard infra up');
    const [fault] = findPushpinFaults(parseIni(text));
    return fault === undefined ? ok('every setting is as measured') : failed(fault.message, `In ${path}: ${fault.fix}`);
  },
};

/** A Pushpin that the system runs beside us, if there is one: it needs its two carriers, and its defaults hurt. */
export const nativePushpinCheck: Check = {
  name: 'native pushpin',
  run: async ({ effects }) => {
    if ((await effects.findProgram('pushpin')) === undefined) return skipped('none is installed, and none is needed');
    for (const program of ['condure', 'zurl']) {
      if ((await effects.findProgram(program)) === undefined) {
        return warning(`pushpin is installed without ${program}, so it cannot start`, `apt-get install ${program}`);
      }
    }
    const text = await effects.files.read(NATIVE_CONFIG);
    const [fault] = text === undefined ? [] : findPushpinFaults(parseIni(text));
    return fault === undefined
      ? ok('pushpin, condure and zurl are installed')
      : warning(`${NATIVE_CONFIG}: ${fault.message}`, `If you use it for Asgard, set ${fault.fix}`);
  },
};

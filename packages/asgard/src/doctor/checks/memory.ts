import { type Check, ok, warning } from '../check.ts';

const NEEDED_BYTES = 4 * 1024 ** 3;
const GIGABYTE = 1024 ** 3;

/** What the engine has, or else the machine: Docker Desktop gives its engine a part only. */
export const memoryCheck: Check = {
  name: 'memory',
  run: async ({ effects, engine = 'docker' }) => {
    const asked = await effects.run(engine, ['info', '--format', '{{.MemTotal}}']);
    const told = Number(asked.stdout.trim());
    const [bytes, whose] =
      asked.exitCode === 0 && told > 0 ? [told, 'the engine'] : [effects.memoryBytes, 'this machine'];
    const text = `${(bytes / GIGABYTE).toFixed(1)} GB in ${whose}`;
    return bytes >= NEEDED_BYTES * 0.95
      ? ok(text)
      : warning(`${text}; the stack needs 4`, 'Give the engine more memory: Docker Desktop, Settings, Resources.');
  },
};

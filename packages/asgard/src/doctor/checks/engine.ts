import { inspectEngine, parseRequest } from '../../infra/engine/engine.ts';
import { type Check, failed, ok, warning } from '../check.ts';

/** Engine and compose. Only a warning while nobody has started the stack here: `asgard dev` needs neither. */
export const engineCheck: Check = {
  name: 'engine',
  run: async ({ effects, engine: requested, started }) => {
    const reasons: string[] = [];
    const fixes: string[] = [];
    for (const name of parseRequest(requested)) {
      const finding = await inspectEngine(effects, name);
      if ('engine' in finding) {
        const { version, composeVersion } = finding.engine;
        return ok(`${name} ${version}, compose ${composeVersion}`);
      }
      reasons.push(finding.reason);
      fixes.push(finding.fix);
    }
    const needed = started || requested !== undefined;
    const message = reasons.join(' ');
    return needed
      ? failed(message, fixes[0] ?? '')
      : warning(message, `Only "asgard infra" needs an engine. ${fixes[0] ?? ''}`);
  },
};

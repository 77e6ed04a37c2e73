import { AsgardError } from '../../errors.ts';
import { compareRealm, describeChanges } from '../../infra/keycloak/repair/repair.ts';
import { openStackRealm } from '../../infra/keycloak/repair/stack-realm.ts';
import { openCompose } from '../../infra/stack.ts';
import { type Check, failed, ok, skipped, warning } from '../check.ts';

const SHOWN = 5;

/** Keycloak imports a realm once: what it has now is asked for, by its administrator, inside its container. */
export const realmCheck: Check = {
  name: 'realm',
  run: async ({ effects, stack, engine, started, chain }) => {
    if (!started || chain?.kind !== 'infra') return skipped('the stack does not run here');
    try {
      const { compose } = await openCompose(effects, stack, { engine });
      const containers = await compose.containers();
      if (!containers.some(({ service, state }) => service === 'heimdall' && state === 'running')) {
        return skipped('Keycloak does not run: see asgard infra status');
      }
      const realm = await openStackRealm(effects, stack, compose);
      if (realm === undefined) return skipped('the stack has no realm of its own');
      const differences = describeChanges(await compareRealm(realm.admin, realm.wanted));
      if (differences.length === 0) return ok('Keycloak has what realm.json says');
      const more = differences.length > SHOWN ? `, and ${differences.length - SHOWN} more` : '';
      return failed(
        `Keycloak is to be changed: ${differences.slice(0, SHOWN).join('; ')}${more}`,
        'Bring it to Keycloak: asgard infra up',
      );
    } catch (error) {
      if (!(error instanceof AsgardError)) throw error;
      if (error.code === 'engine_missing') return skipped('no engine to ask it by');
      if (error.code !== 'sign_in_failed') return failed(error.message, 'See asgard infra logs heimdall');
      return warning(
        `not compared with realm.json: ${error.message}`,
        'If you have replaced the first administrator, change the realm in the console; see docs/operations/heimdall.md',
      );
    }
  },
};

import { join } from 'node:path';
import type { InfraEffects } from '../../effects.ts';
import type { Compose } from '../../engine/compose.ts';
import { readSecrets, type Stack } from '../../stack.ts';
import { createInnerWay } from './inner-way.ts';
import { createRealmAdmin, type Json, type RealmAdmin } from './realm-admin.ts';
import { parseRealmFile } from './realm-file.ts';

/** The realm of a stack that runs: the way to it, and what it is to be. */
export interface StackRealm {
  readonly admin: RealmAdmin;
  readonly wanted: Json;
}

/** Undefined when the files of the stack have no realm, as with another identity provider. @throws AsgardError `bad_file` */
export async function openStackRealm(
  effects: InfraEffects,
  stack: Stack,
  compose: Compose,
): Promise<StackRealm | undefined> {
  const file = await effects.files.read(join(stack.folder, 'heimdall/realm.json'));
  if (file === undefined || !(await compose.services()).includes('heimdall')) return undefined;
  const secrets = await readSecrets(effects, stack);
  const wanted = parseRealmFile(file, secrets);
  const password = secrets.ASGARD_ADMIN_PASSWORD ?? '';
  return { admin: createRealmAdmin({ realm: String(wanted.realm), password, ask: createInnerWay(compose) }), wanted };
}

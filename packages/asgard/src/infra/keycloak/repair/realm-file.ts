import { AsgardError } from '../../../errors.ts';
import type { SecretName, Secrets } from '../../secrets.ts';
import { type Json, objectOf } from './realm-admin.ts';

/** The file of the realm as Keycloak imports it: with its secrets, which are variables in the file. @throws AsgardError `bad_file` */
export function parseRealmFile(text: string, secrets: Readonly<Partial<Secrets>>): Json {
  const filled = text.replace(
    /\$\{(ASGARD_[A-Z_]+)\}/g,
    (variable, name: string) => secrets[name as SecretName] ?? variable,
  );
  try {
    const realm = objectOf(JSON.parse(filled));
    if (typeof realm.realm === 'string') return realm;
  } catch (cause) {
    throw new AsgardError('bad_file', 'heimdall/realm.json is not JSON.', { cause });
  }
  throw new AsgardError('bad_file', 'heimdall/realm.json has no name of a realm ("realm").');
}

import type { Json, RealmAdmin } from './realm-admin.ts';

/** One thing that Keycloak has otherwise than the file of the realm. */
export interface Change {
  /** For people; holds no secret. Changes with one text are one to them. */
  readonly text: string;
  /** Puts it right. @throws AsgardError `sign_in_failed`, `realm_failed` */
  apply(): Promise<void>;
}

/** What all parts of the comparison look at. */
export interface Comparison {
  readonly admin: RealmAdmin;
  /** The file of the realm, with its secrets. */
  readonly wanted: Json;
  /** Ids of the client scopes by name; those that are made on the way are added. */
  readonly scopeIds: Map<string, string>;
}

import { createHash } from 'node:crypto';
import { DevstackError } from '../errors.ts';

/** Somebody who can sign in. */
export interface HeimdallUser {
  readonly username: string;
  readonly password: string;
  /** Alias of the organization the user belongs to. */
  readonly organization: string;
  /** More organizations of the same user. @default [] */
  readonly otherOrganizations?: readonly string[];
  /** Realm roles. @default [] */
  readonly roles?: readonly string[];
  /** Roles by client id (Keycloak: client roles). @default {} */
  readonly clientRoles?: Readonly<Record<string, readonly string[]>>;
}

/** The users that are there when nobody asks for others: one in each organization, and one who is in both. */
export const defaultUsers: readonly HeimdallUser[] = [
  { username: 'freya', password: 'freya', organization: 'valhalla', roles: ['seer'] },
  { username: 'loki', password: 'loki', organization: 'jotunheim' },
  {
    ...{ username: 'baldur', password: 'baldur', organization: 'valhalla', otherOrganizations: ['jotunheim'] },
    ...{ roles: ['seer'], clientRoles: { odin: ['scribe'] } },
  },
];

/** Users found by name or by subject. */
export interface UserDirectory {
  readonly users: readonly HeimdallUser[];
  byLogin(username: string, password: string): HeimdallUser | undefined;
  bySubject(subject: string): HeimdallUser | undefined;
}

/**
 * @throws DevstackError `bad_option` when there is no user, a name is missing or comes twice
 */
export function createUserDirectory(users: readonly HeimdallUser[]): UserDirectory {
  const bySubject = new Map(users.map((user) => [subjectOf(user), user]));
  const complete = users.every(({ username, password, organization }) => username && password && organization);
  if (users.length === 0 || !complete || bySubject.size !== users.length) {
    throw new DevstackError(
      'bad_option',
      'Heimdall\'s option "users" must name at least one user, each with a username of its own, a password and an organization.',
    );
  }
  return {
    users,
    byLogin: (username, password) => users.find((user) => user.username === username && user.password === password),
    bySubject: (subject) => bySubject.get(subject),
  };
}

/** The same user has the same subject after every restart. */
export function subjectOf(user: HeimdallUser): string {
  return stableId(`user:${user.username}`);
}

/** The claims that Keycloak adds to an access token with its default scopes and the organization scope. */
export function claimsOf(user: HeimdallUser): Record<string, unknown> {
  const organizations = [user.organization, ...(user.otherOrganizations ?? [])];
  return {
    preferred_username: user.username,
    realm_access: { roles: [...(user.roles ?? [])] },
    ...(user.clientRoles && { resource_access: clientAccess(user.clientRoles) }),
    organization: Object.fromEntries(organizations.map((alias) => [alias, { id: stableId(`organization:${alias}`) }])),
  };
}

function clientAccess(clientRoles: NonNullable<HeimdallUser['clientRoles']>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(clientRoles).map(([client, roles]) => [client, { roles: [...roles] }]));
}

/** A UUID (version 8, RFC 9562) made of a text. */
function stableId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

import type { Principal } from '@asgard/heimdall-client';
import type { Denial } from '../protocol/answer.ts';

/** What a caller must have. Nothing asked means: anybody whom the server lets in. */
export interface Requirements {
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly organization?: string | true;
}

/** Decides who may use what. Scopes may imply others: a broad one then stands for the narrow ones. */
export class AccessPolicy {
  /** For each scope, the scopes that stand for it besides itself. */
  readonly #grantedBy: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(implied: Readonly<Record<string, readonly string[]>> = {}) {
    this.#grantedBy = invert(implied);
  }

  /** undefined when the caller may. Without a principal nothing is asked: the transport needs no token. */
  denial(
    { scopes = NONE, roles = NONE, organization }: Requirements,
    principal: Principal | undefined,
  ): Denial | undefined {
    if (!principal) return undefined;
    if (!scopes.every((scope) => this.hasScope(principal, scope))) return { what: 'scopes', scopes };
    if (!roles.every((role) => hasRole(principal, role))) return { what: 'roles', scopes: NONE };
    if (organization !== undefined && !isMember(principal, organization)) return { what: 'organization', scopes: NONE };
    return undefined;
  }

  hasScope({ scopes }: Principal, scope: string): boolean {
    if (scopes.includes(scope)) return true;
    const broader = this.#grantedBy.get(scope);
    return broader !== undefined && scopes.some((held) => broader.has(held));
  }
}

/** A realm role by its name, or a client's role as `client/role`. */
export function hasRole({ roles }: Principal, role: string): boolean {
  const slash = role.lastIndexOf('/');
  if (slash < 0) return roles.realm.includes(role);
  const client = role.slice(0, slash);
  return Object.hasOwn(roles.clients, client) && (roles.clients[client] ?? NONE).includes(role.slice(slash + 1));
}

/** A member of the organization with that alias; with `true`, of any. */
export function isMember({ organizations }: Principal, organization: string | true): boolean {
  return organization === true ? organizations.length > 0 : organizations.some(({ alias }) => alias === organization);
}

const NONE: readonly string[] = [];

/** From "a implies b, b implies c" to "c is granted by b and a". */
function invert(implied: Readonly<Record<string, readonly string[]>>): Map<string, Set<string>> {
  const grantedBy = new Map<string, Set<string>>();
  const add = (broad: string, narrow: string): void => {
    const broader = grantedBy.get(narrow) ?? new Set();
    if (broader.has(broad) || narrow === broad) return;
    grantedBy.set(narrow, broader.add(broad));
    for (const narrower of implied[narrow] ?? NONE) add(broad, narrower);
  };
  for (const [broad, narrows] of Object.entries(implied)) for (const narrow of narrows) add(broad, narrow);
  return grantedBy;
}

import { objectOf } from '../issuer/json-request.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { badOption } from '../option-rules.ts';
import { type AdminRequest, type Page, type PageOptions, textOf } from './request.ts';

/** E-mail domain of an organization: people with such an address are asked to sign in as its members. It is not a web host. */
export interface OrganizationDomain {
  readonly name: string;
  /** Somebody has made sure that the domain is theirs. */
  readonly verified: boolean;
}

/** An organization of the realm. */
export interface KeycloakOrganization {
  readonly id: string;
  readonly alias: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly domains: readonly OrganizationDomain[];
}

/** What an organization is made from. */
export interface NewOrganization {
  /** Short name, which tokens have; cannot be changed. */
  readonly alias: string;
  /** Name for people, of which there is one in the realm. @default the alias */
  readonly name?: string;
  /** Its e-mail domains, none of which another organization has. @default none */
  readonly domains?: readonly OrganizationDomain[];
}

/** Somebody who belongs to an organization. */
export interface OrganizationMember {
  /** The user's id: `subject` of a principal. */
  readonly id: string;
  readonly username: string;
  readonly email?: string;
}

/** Organizations of the realm. Every call throws as `AdminRequest.send` does. */
export interface KeycloakOrganizations {
  /** @throws HeimdallError `conflict` when there is one of that alias, name or domain */
  create(organization: NewOrganization): Promise<KeycloakOrganization>;
  list(options?: PageOptions): Promise<Page<KeycloakOrganization>>;
  /** Keycloak searches names and domains only, so that all organizations are looked through when the name is another than the alias. */
  find(alias: string): Promise<KeycloakOrganization | undefined>;
  /** Replaces the domains. @throws HeimdallError `not_found` */
  setDomains(id: string, domains: readonly OrganizationDomain[]): Promise<KeycloakOrganization>;
  listMembers(id: string, options?: PageOptions): Promise<Page<OrganizationMember>>;
  /** @throws HeimdallError `conflict` for a member, `admin_refused` for an unknown user */
  addMember(id: string, userId: string): Promise<void>;
  /** The user stays, without the organization. @throws HeimdallError `not_found` */
  removeMember(id: string, userId: string): Promise<void>;
}

const path = 'organizations';
/** Most pages that are looked through for an alias. */
const maxPages = 100;

export function createOrganizations({ send, create, page }: AdminRequest): KeycloakOrganizations {
  const representation = async (id: string) => objectOf(await send([path, id]));

  async function list(options?: PageOptions, query?: Readonly<Record<string, string>>) {
    const { items, ...rest } = await page([path], options, { briefRepresentation: 'false', ...query });
    return { ...rest, items: items.map(parseOrganization) };
  }

  return {
    async create({ alias, name = alias, domains = [] }) {
      if (typeof alias !== 'string' || alias === '') throw badOption('alias', 'must be the short name in tokens');
      return parseOrganization(await representation(await create([path], { alias, name, domains, enabled: true })));
    },
    list: (options) => list(options),
    async find(alias) {
      const same = (found: KeycloakOrganization) => found.alias === alias;
      const direct = (await list({ max: 10 }, { search: alias, exact: 'true' })).items.find(same);
      if (direct) return direct;
      let first: number | undefined = 0;
      for (let pages = 0; first !== undefined && pages < maxPages; pages += 1) {
        const found: Page<KeycloakOrganization> = await list({ first });
        const match = found.items.find(same);
        if (match) return match;
        first = found.next;
      }
      return undefined;
    },
    async setDomains(id, domains) {
      // Keycloak replaces everything, so what is there goes back with it.
      await send([path, id], { method: 'PUT', body: { ...(await representation(id)), domains } });
      return parseOrganization(await representation(id));
    },
    async listMembers(id, options) {
      const { items, ...rest } = await page([path, id, 'members'], options);
      return { ...rest, items: items.map(parseMember) };
    },
    async addMember(id, userId) {
      await send([path, id, 'members'], { method: 'POST', body: userId });
    },
    async removeMember(id, userId) {
      await send([path, id, 'members', userId], { method: 'DELETE' });
    },
  };
}

function parseOrganization(json: JsonObject): KeycloakOrganization {
  const domains = Array.isArray(json.domains) ? json.domains.filter(isJsonObject) : [];
  return Object.freeze({
    ...{ id: textOf(json, 'id'), alias: textOf(json, 'alias'), name: textOf(json, 'name') },
    enabled: json.enabled === true,
    domains: domains.map((domain) => ({ name: textOf(domain, 'name'), verified: domain.verified === true })),
  });
}

function parseMember(json: JsonObject): OrganizationMember {
  const { email } = json;
  return Object.freeze({
    ...{ id: textOf(json, 'id'), username: textOf(json, 'username') },
    ...(typeof email === 'string' && { email }),
  });
}

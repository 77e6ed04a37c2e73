import { isJsonObject, type JsonObject } from '../json.ts';
import { badOption } from '../option-rules.ts';
import { type AdminRequest, arrayOf, textOf } from './request.ts';

/** A client scope of the realm. */
export interface KeycloakScope {
  readonly id: string;
  readonly name: string;
  /** Resources that tokens with this scope name in `aud`. */
  readonly audiences: readonly string[];
}

/** What a client scope is made from. */
export interface NewKeycloakScope {
  /** As in `scope` of tokens, for example `mcp:tools`. */
  readonly name: string;
  /** Resource identifier of the MCP server: without resource indicators (RFC 8707), Keycloak's audience comes with a scope. */
  readonly audience: string;
}

/** Whom a scope is offered to. */
export interface ScopeOffer {
  /** `id` of the client. @default every client that registers from now on */
  readonly clientId?: string;
  /** Put into every token, or only when it is asked for. @default 'optional' */
  readonly as?: 'default' | 'optional';
}

/** Client scopes of the realm. Every call throws as `AdminRequest.send` does. */
export interface KeycloakScopes {
  /** @throws HeimdallError `conflict` when there is one, `bad_option` */
  create(scope: NewKeycloakScope): Promise<KeycloakScope>;
  /** Keycloak has no pages and no search for scopes: the list is read whole, up to 512 KiB. */
  find(name: string): Promise<KeycloakScope | undefined>;
  /** @throws HeimdallError `not_found` */
  offer(scopeId: string, offer?: ScopeOffer): Promise<void>;
}

const path = 'client-scopes';
const mapper = 'oidc-audience-mapper';
const audienceMember = 'included.custom.audience';

export function createScopes({ send, create }: AdminRequest): KeycloakScopes {
  return {
    async create({ name, audience }) {
      if (typeof name !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)) {
        throw badOption('name', 'must be a scope (RFC 6749 section 3.3)');
      }
      if (!URL.canParse(audience)) throw badOption('audience', 'must be the URL of the resource');
      const id = await create([path], formatScope(name, audience));
      return Object.freeze({ id, name, audiences: [audience] });
    },
    async find(name) {
      const found = arrayOf(await send([path])).find((scope) => scope.name === name);
      return found && parseScope(found);
    },
    async offer(scopeId, { clientId, as = 'optional' } = {}) {
      const kind = as === 'default' ? 'default' : 'optional';
      const target =
        clientId === undefined
          ? [`default-${kind}-client-scopes`, scopeId]
          : ['clients', clientId, `${kind}-client-scopes`, scopeId];
      await send(target, { method: 'PUT' });
    },
  };
}

function formatScope(name: string, audience: string): JsonObject {
  const config = {
    ...{ [audienceMember]: audience, 'access.token.claim': 'true' },
    ...{ 'introspection.token.claim': 'true', 'id.token.claim': 'false' },
  };
  return {
    ...{ name, protocol: 'openid-connect', attributes: { 'include.in.token.scope': 'true' } },
    protocolMappers: [{ name: 'audience', protocol: 'openid-connect', protocolMapper: mapper, config }],
  };
}

function parseScope(json: JsonObject): KeycloakScope {
  const mappers = Array.isArray(json.protocolMappers) ? json.protocolMappers.filter(isJsonObject) : [];
  const audiences = mappers
    .filter(({ protocolMapper }) => protocolMapper === mapper)
    .map(({ config }) => (isJsonObject(config) ? config[audienceMember] : undefined))
    .filter((audience): audience is string => typeof audience === 'string' && audience !== '');
  return Object.freeze({ id: textOf(json, 'id'), name: textOf(json, 'name'), audiences });
}

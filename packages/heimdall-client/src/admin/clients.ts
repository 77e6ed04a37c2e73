import { objectOf } from '../issuer/json-request.ts';
import { type JsonObject, stringsOf } from '../json.ts';
import { badOption, secureUrl } from '../option-rules.ts';
import { type AdminRequest, arrayOf, textOf } from './request.ts';
import { removeUnused, type UnusedClientOptions } from './unused-clients.ts';

/** A client of the realm. May have a secret in it: handle it like a password. */
export interface KeycloakClient {
  /** Keycloak's own id of it, which is not the client id. */
  readonly id: string;
  readonly clientId: string;
  /** Only of a confidential client. */
  readonly secret?: string;
  readonly enabled: boolean;
  readonly redirectUris: readonly string[];
}

/** What a client is made from. */
export interface NewKeycloakClient {
  /** What the client calls itself in requests. */
  readonly clientId: string;
  /** A program that people run on their own machines, which has no secret, or a server, for which Keycloak makes one. */
  readonly type: 'public' | 'confidential';
  /** Where the browser may come back to, exactly. @default none: nobody signs in by this client */
  readonly redirectUris?: readonly string[];
  /** The client gets tokens for itself; confidential only. @default false */
  readonly serviceAccount?: boolean;
  /** Name for people. @default none */
  readonly name?: string;
}

/** Clients of the realm. Every call throws as `AdminRequest.send` does. */
export interface KeycloakClients {
  /**
   * Makes a client of the code flow with PKCE (S256), without implicit and password grants and without the roles of other clients.
   *
   * @throws HeimdallError `conflict` when there is one, `bad_option`
   */
  create(client: NewKeycloakClient): Promise<KeycloakClient>;
  find(clientId: string): Promise<KeycloakClient | undefined>;
  /**
   * Removes clients that have registered themselves and that nobody uses: without a session, an offline session, or an event of the last days. One
   * request for each that has no session. Needs the role `view-events` besides.
   *
   * @returns the client ids of those that are gone
   * @throws HeimdallError `bad_option`, `admin_refused` when the realm does not keep the events that would show the use of a client
   */
  removeUnused(options?: UnusedClientOptions): Promise<readonly string[]>;
}

const path = 'clients';

export function createClients(request: AdminRequest, now: () => number): KeycloakClients {
  const { send, create } = request;
  return {
    async create(client) {
      const id = await create([path], formatClient(client));
      return parseClient(objectOf(await send([path, id])));
    },
    async find(clientId) {
      const answer = await send([path], { query: { clientId, max: '2' } });
      const found = arrayOf(answer).find((client) => client.clientId === clientId);
      return found && parseClient(found);
    },
    removeUnused: (options) => removeUnused(request, now, options),
  };
}

function formatClient({
  clientId,
  type,
  name,
  redirectUris = [],
  serviceAccount = false,
}: NewKeycloakClient): JsonObject {
  if (typeof clientId !== 'string' || clientId === '') throw badOption('clientId', 'must name the client');
  if (type !== 'public' && type !== 'confidential') throw badOption('type', "must be 'public' or 'confidential'");
  if (serviceAccount && type === 'public') {
    throw badOption('serviceAccount', 'is for confidential clients: a public one cannot prove who it is');
  }
  for (const uri of redirectUris) {
    secureUrl('redirectUris', uri, false);
    // Keycloak takes an asterisk at the end for "anything".
    if (uri.includes('*')) throw badOption('redirectUris', 'must be exact, without "*"');
  }
  return {
    ...{ clientId, protocol: 'openid-connect', enabled: true, redirectUris, webOrigins: [] },
    ...(name !== undefined && { name }),
    ...{ publicClient: type === 'public', clientAuthenticatorType: 'client-secret' },
    ...{ standardFlowEnabled: redirectUris.length > 0, serviceAccountsEnabled: serviceAccount },
    ...{ implicitFlowEnabled: false, directAccessGrantsEnabled: false, fullScopeAllowed: false },
    attributes: { 'pkce.code.challenge.method': 'S256' },
  };
}

function parseClient(json: JsonObject): KeycloakClient {
  const { secret } = json;
  return Object.freeze({
    ...{ id: textOf(json, 'id'), clientId: textOf(json, 'clientId'), enabled: json.enabled === true },
    redirectUris: stringsOf(json.redirectUris),
    ...(typeof secret === 'string' && json.publicClient !== true && { secret }),
  });
}

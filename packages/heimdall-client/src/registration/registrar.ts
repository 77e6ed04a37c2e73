import { HeimdallError } from '../errors.ts';
import { createDocumentReader } from '../issuer/document.ts';
import { createJsonRequest, type JsonAnswer, objectOf } from '../issuer/json-request.ts';
import { createMetadataSource } from '../issuer/metadata.ts';
import type { JsonObject } from '../json.ts';
import { badOption, secureUrl, wholeNumber } from '../option-rules.ts';

/** Options of `createClientRegistrar`. */
export interface ClientRegistrarOptions {
  /** The issuer at which clients are registered. */
  readonly issuer: string;
  /** Where clients are registered. @default `registration_endpoint` of the issuer's metadata */
  readonly endpoint?: string;
  /** Lets this program register clients where not everybody may (RFC 7591 section 3). @default none */
  readonly initialAccessToken?: string;
  /** Longest wait for an answer of the issuer, milliseconds. @default 5_000 */
  readonly requestTimeoutMs?: number;
  /** Asks the issuer. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Accept an `http:` issuer on another host than this one. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
}

/** A client that the issuer knows. Has secrets in it: handle it like a password. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Where the client can be read and changed, and the token for that (RFC 7592); absent when the issuer offers none. */
  readonly configuration?: { readonly url: string; readonly token: string };
  /** Everything that the issuer says about the client. */
  readonly metadata: JsonObject;
}

/** Registers clients and looks after them. Each call answers with the client as it is then: tokens and secrets may change with it. */
export interface ClientRegistrar {
  /**
   * Registers a client (RFC 7591 section 3.1).
   *
   * @param metadata such as `client_name` and `redirect_uris`, see RFC 7591 section 2
   * @throws HeimdallError `registration_refused`, `unavailable`
   */
  register(metadata: JsonObject): Promise<RegisteredClient>;
  /** @throws HeimdallError `registration_refused`, `unavailable`, `bad_option` for a client without configuration */
  read(client: RegisteredClient): Promise<RegisteredClient>;
  /**
   * Replaces the whole metadata (RFC 7592 section 2.2).
   *
   * @throws HeimdallError `registration_refused`, `unavailable`, `bad_option` for a client without configuration
   */
  update(client: RegisteredClient, metadata: JsonObject): Promise<RegisteredClient>;
  /** @throws HeimdallError `registration_refused`, `unavailable`, `bad_option` for a client without configuration */
  remove(client: RegisteredClient): Promise<void>;
}

/**
 * Creates a registrar at one issuer. Nothing is fetched before the first call.
 *
 * @throws HeimdallError `bad_option`
 */
export function createClientRegistrar(options: ClientRegistrarOptions): ClientRegistrar {
  const { dangerouslyAllowHttp: allowHttp = false, initialAccessToken, endpoint } = options;
  const issuer = secureUrl('issuer', options.issuer, allowHttp);
  if (endpoint !== undefined) secureUrl('endpoint', endpoint, allowHttp);
  const limits = { fallback: 5_000, min: 1, max: 120_000 };
  const requestTimeoutMs = wholeNumber('requestTimeoutMs', options.requestTimeoutMs, limits);
  const http = {
    requestTimeoutMs,
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
  };
  const ask = createJsonRequest(http);
  const now = options.now ?? Date.now;
  const metadata = createMetadataSource({ issuer, allowHttp, now, read: createDocumentReader(http) });

  async function send(url: string, method: string, { token, body }: { token?: string; body?: JsonObject }) {
    const answer = await ask(url, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(answer);
  }

  function parse(answer: JsonAnswer, before?: RegisteredClient): RegisteredClient {
    const client = objectOf(answer);
    const { client_id: clientId, client_secret: secret } = client;
    const url = client.registration_client_uri ?? before?.configuration?.url;
    const token = client.registration_access_token ?? before?.configuration?.token;
    if (typeof clientId !== 'string' || clientId === '' || (before && before.clientId !== clientId)) {
      throw new HeimdallError('unavailable', "The issuer's answer is about no client, or another one.");
    }
    const configuration = typeof url === 'string' &&
      typeof token === 'string' && { url: sameOrigin(url, issuer), token };
    return Object.freeze({
      ...{ clientId, metadata: client },
      ...(typeof secret === 'string' && { clientSecret: secret }),
      ...(configuration && { configuration }),
    });
  }

  function configurationOf({ configuration }: RegisteredClient): { url: string; token: string } {
    if (!configuration) throw badOption('client', 'has no configuration: the issuer lets nobody change it');
    return { ...configuration, url: sameOrigin(configuration.url, issuer) };
  }

  return {
    async register(body) {
      const url = endpoint ?? (await metadata.urlOf('registration_endpoint'));
      return parse(await send(url, 'POST', { body, ...(initialAccessToken && { token: initialAccessToken }) }));
    },
    async read(client) {
      const { url, token } = configurationOf(client);
      return parse(await send(url, 'GET', { token }), client);
    },
    async update(client, body) {
      const { url, token } = configurationOf(client);
      // RFC 7592 section 2.2: with the id, and without what only the issuer says.
      const { registration_access_token: _, registration_client_uri: __, ...rest } = body;
      return parse(await send(url, 'PUT', { token, body: { ...rest, client_id: client.clientId } }), client);
    },
    async remove(client) {
      const { url, token } = configurationOf(client);
      await send(url, 'DELETE', { token });
    },
  };
}

/** The token for a client is sent to its issuer only. */
function sameOrigin(url: string, issuer: string): string {
  if (URL.canParse(url) && new URL(url).origin === new URL(issuer).origin) return url;
  throw new HeimdallError('unavailable', 'The issuer has the client looked after at another host.');
}

function refusal({ status, json }: JsonAnswer): HeimdallError {
  const { error, error_description: description } = (json ?? {}) as JsonObject;
  const name = typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? error : `status ${status}`;
  return new HeimdallError('registration_refused', `The issuer refuses the client (${name}).`, {
    cause: typeof description === 'string' ? new Error(description.slice(0, 500)) : undefined,
  });
}

import { HeimdallError } from '../errors.ts';
import { createJsonRequest, type JsonAnswer } from '../issuer/json-request.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { badOption, wholeNumber } from '../option-rules.ts';
import { createAdminAccess } from './access.ts';
import type { AdminPolicy } from './options.ts';

/** Part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; absent when there is none. */
  readonly next?: number;
}

/** Which part of a list. */
export interface PageOptions {
  /** Entries to leave out, as `next` of the page before says. @default 0 */
  readonly first?: number;
  /** Most entries of one page, at most 500. @default 100 */
  readonly max?: number;
}

/** What is sent to Keycloak. */
export interface AdminCall {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Keycloak's admin REST interface, for one realm. */
export interface AdminRequest {
  /**
   * Path segments below the realm, encoded here.
   *
   * @throws HeimdallError `client_refused`, `not_found`, `conflict`, `admin_refused`, `unavailable`
   */
  send(path: readonly string[], call?: AdminCall): Promise<JsonAnswer>;
  /** Makes something, and answers with its id. Throws as `send`. */
  create(path: readonly string[], body: JsonObject): Promise<string>;
  /** One page of a list. Throws as `send`, and `bad_option`. */
  page(path: readonly string[], options?: PageOptions, query?: AdminCall['query']): Promise<Page<JsonObject>>;
}

/** Creates the way to one realm. A token that Keycloak does not take, say after a restart, is replaced once. */
export function createAdminRequest(policy: AdminPolicy): AdminRequest {
  const ask = createJsonRequest(policy);
  const access = createAdminAccess(policy);

  async function attempt(path: readonly string[], call: AdminCall): Promise<JsonAnswer & { token: string }> {
    const { method = 'GET', query, body } = call;
    const url = `${policy.adminUrl}/${path.map(segment).join('/')}${query ? `?${new URLSearchParams(query)}` : ''}`;
    const token = await access.token();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    return {
      ...(await ask(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })),
      token,
    };
  }

  async function send(path: readonly string[], call: AdminCall = {}): Promise<JsonAnswer> {
    let answer = await attempt(path, call);
    if (answer.status === 401) {
      access.drop(answer.token);
      answer = await attempt(path, call);
    }
    if (answer.status < 300) return answer;
    throw refusal(answer, path);
  }

  return {
    send,
    async create(path, body) {
      const { location } = await send(path, { method: 'POST', body });
      const id = location?.split('/').pop() ?? '';
      if (/^[\w-]{1,64}$/.test(id)) return id;
      throw new HeimdallError('unavailable', `Keycloak does not say what it has made at "${path.join('/')}".`);
    },
    async page(path, options = {}, query = {}) {
      const first = wholeNumber('first', options.first, { fallback: 0, max: 1_000_000_000 });
      const max = wholeNumber('max', options.max, { fallback: 100, min: 1, max: 500 });
      // One more than wanted tells whether there is another page.
      const answer = await send(path, { query: { ...query, first: String(first), max: String(max + 1) } });
      const all = arrayOf(answer);
      return { items: all.slice(0, max), ...(all.length > max && { next: first + max }) };
    },
  };
}

/**
 * The objects of an answer that is a list.
 *
 * @throws HeimdallError `unavailable` when it is none
 */
export function arrayOf({ json }: JsonAnswer): readonly JsonObject[] {
  if (Array.isArray(json)) return json.filter(isJsonObject);
  throw new HeimdallError('unavailable', "Keycloak's answer is not a list.", { retryAfterSeconds: 1 });
}

/**
 * A member that must be text.
 *
 * @throws HeimdallError `unavailable`
 */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new HeimdallError('unavailable', `Keycloak's answer has no "${member}".`);
}

/** Text from outside cannot lead to another resource: an empty or dotted segment would, even encoded. */
function segment(text: string): string {
  if (typeof text === 'string' && text !== '' && !/^\.+$/.test(text)) return encodeURIComponent(text);
  throw badOption('id', 'must be the id that Keycloak gave');
}

function refusal({ status, json }: JsonAnswer, path: readonly string[]): HeimdallError {
  const where = path.join('/');
  const { errorMessage, error_description: description, error } = isJsonObject(json) ? json : {};
  const reason = [errorMessage, description, error].find((text): text is string => typeof text === 'string');
  const cause = reason === undefined ? undefined : new Error(reason.slice(0, 500));
  switch (status) {
    case 401:
    case 403:
      return new HeimdallError(
        'client_refused',
        `Keycloak lets this client not do that at "${where}" (status ${status}): give its service account the role of "realm-management" for it.`,
        { cause },
      );
    case 404:
      return new HeimdallError('not_found', `Keycloak has nothing at "${where}".`, { cause });
    case 409:
      return new HeimdallError('conflict', `Keycloak has the like at "${where}" already.`, { cause });
    default:
      return new HeimdallError('admin_refused', `Keycloak refuses what was sent to "${where}" (status ${status}).`, {
        cause,
      });
  }
}

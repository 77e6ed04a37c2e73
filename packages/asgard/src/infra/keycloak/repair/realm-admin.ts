import { AsgardError } from '../../../errors.ts';
import { HEIMDALL_PATH } from '../../settings.ts';
import type { HttpAnswer, HttpRequest } from './http-text.ts';

/** What Keycloak's JSON has. */
export type Json = Readonly<Record<string, unknown>>;

/** The admin interface of one realm, by the administrator that the stack was made with. */
export interface RealmAdmin {
  /** @throws AsgardError `sign_in_failed`, `realm_failed` */
  get(path: string): Promise<unknown>;
  /** @throws AsgardError `sign_in_failed`, `realm_failed` */
  put(path: string, body?: unknown): Promise<void>;
  /** @returns the id of what was made. @throws AsgardError `sign_in_failed`, `realm_failed` */
  post(path: string, body: unknown): Promise<string>;
  /** @throws AsgardError `sign_in_failed`, `realm_failed` */
  remove(path: string): Promise<void>;
}

export interface RealmAdminOptions {
  readonly realm: string;
  /** Of `admin` in the realm `master`. */
  readonly password: string;
  /** Asks Keycloak where nobody else reaches it. */
  readonly ask: (request: HttpRequest) => Promise<HttpAnswer>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * Not the client of `@asgard/heimdall-client/keycloak-admin`: that signs in as a client of the realm, and a realm that was imported by an
 * earlier version has none that may change it.
 */
export function createRealmAdmin({ realm, password, ask }: RealmAdminOptions): RealmAdmin {
  const base = `${HEIMDALL_PATH}/admin/realms/${encodeURIComponent(realm)}`;
  let token: string | undefined;

  async function signIn(): Promise<string> {
    const form = { grant_type: 'password', client_id: 'admin-cli', username: 'admin', password };
    const answer = await ask({
      method: 'POST',
      path: `${HEIMDALL_PATH}/realms/master/protocol/openid-connect/token`,
      headers: FORM,
      body: new URLSearchParams(form).toString(),
    });
    const { access_token: given } = objectOf(parse(answer.body));
    if (answer.status === 200 && typeof given === 'string') return given;
    throw new AsgardError(
      'sign_in_failed',
      `Keycloak does not let "admin" sign in with ASGARD_ADMIN_PASSWORD (status ${answer.status}).`,
    );
  }

  async function send(method: HttpRequest['method'], path: string, body?: unknown): Promise<HttpAnswer> {
    const attempt = async (): Promise<HttpAnswer> => {
      token ??= await signIn();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      return ask({ method, path: `${base}${path}`, headers, ...text });
    };
    let answer = await attempt();
    if (answer.status === 401) {
      // Its tokens live for a minute.
      token = undefined;
      answer = await attempt();
    }
    if (answer.status < 300) return answer;
    const { errorMessage, error } = objectOf(parse(answer.body));
    const reason = [errorMessage, error].find((text) => typeof text === 'string') ?? 'it gave no reason';
    throw new AsgardError('realm_failed', `Keycloak refuses ${method} ${path || '/'} (${answer.status}): ${reason}`);
  }

  return {
    get: async (path) => parse((await send('GET', path)).body),
    put: async (path, body) => void (await send('PUT', path, body)),
    post: async (path, body) => (await send('POST', path, body)).headers.location?.split('/').pop() ?? '',
    remove: async (path) => void (await send('DELETE', path)),
  };
}

/** The objects of a list; none when it is none. */
export function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An object without members when it is none. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { importJWK, SignJWT } from 'jose';
import type { ClientAuthentication } from '../client-options.ts';
import type { Form } from './document.ts';

/** Lifetime of an assertion, seconds. */
const assertionSeconds = 60;

/** Adds to a form who sends it. */
export type Authenticate = (form: URLSearchParams) => Promise<Form>;

/** What authentication needs beside the client. */
export interface AuthenticateOptions {
  /** Audience of assertions: the issuer identifier (RFC 7523bis). */
  readonly issuer: string;
  readonly now: () => number;
}

/** Creates the authentication of one client (RFC 6749 section 2.3.1, RFC 7523 section 2.2). */
export function createAuthenticate(client: ClientAuthentication, { issuer, now }: AuthenticateOptions): Authenticate {
  switch (client.method) {
    case 'client_secret_basic': {
      const credentials = btoa(`${formEncode(client.clientId)}:${formEncode(client.secret)}`);
      return async (body) => ({ body, headers: { authorization: `Basic ${credentials}` } });
    }
    case 'client_secret_post':
      return async (form) => {
        const body = new URLSearchParams(form);
        body.set('client_id', client.clientId);
        body.set('client_secret', client.secret);
        return { body };
      };
    case 'private_key_jwt':
      return async (form) => {
        const body = new URLSearchParams(form);
        body.set('client_id', client.clientId);
        body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        body.set('client_assertion', await sign());
        return { body };
      };
  }

  async function sign(): Promise<string> {
    const { clientId, key } = client as Extract<ClientAuthentication, { method: 'private_key_jwt' }>;
    const at = Math.floor(now() / 1000);
    return new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: key.alg ?? '', ...(key.kid !== undefined && { kid: key.kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(at)
      .setExpirationTime(at + assertionSeconds)
      .sign(await importJWK(key, key.alg));
  }
}

/** Application/x-www-form-urlencoded, which RFC 6749 wants inside Basic credentials as well. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

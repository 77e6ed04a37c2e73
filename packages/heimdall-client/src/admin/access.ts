import { HeimdallError } from '../errors.ts';
import { createAuthenticate } from '../issuer/client-authentication.ts';
import { createJsonRequest, objectOf } from '../issuer/json-request.ts';
import type { AdminPolicy } from './options.ts';

/** A token is not used any more so many milliseconds before its end. */
const skewMs = 10_000;

/** The access token of the service account. */
export interface AdminAccess {
  /**
   * The token, asked for once until shortly before its end.
   *
   * @throws HeimdallError `client_refused`, `unavailable`
   */
  token(): Promise<string>;
  /** Forgets a token that Keycloak does not take any more. */
  drop(token: string): void;
}

/** Signs in with client credentials (RFC 6749 section 4.4). Callers that come together share one request; failures are not remembered. */
export function createAdminAccess(policy: AdminPolicy): AdminAccess {
  const { issuer, now } = policy;
  const ask = createJsonRequest(policy);
  const authenticate = createAuthenticate(policy.client, { issuer, now });
  let kept: { token: string; until: number } | undefined;
  let running: Promise<string> | undefined;

  async function signIn(): Promise<string> {
    const form = await authenticate(new URLSearchParams({ grant_type: 'client_credentials' }));
    const answer = await ask(`${issuer}/protocol/openid-connect/token`, form);
    if (answer.status !== 200) {
      const message = `Keycloak gives the client no token (status ${answer.status}): check the option "client" and that it has a service account.`;
      throw new HeimdallError('client_refused', message);
    }
    const { access_token: token, expires_in: lifetime } = objectOf(answer);
    if (typeof token !== 'string' || token === '') {
      throw new HeimdallError('unavailable', 'Keycloak\'s answer to the sign-in has no "access_token".');
    }
    const until = typeof lifetime === 'number' ? now() + lifetime * 1000 - skewMs : 0;
    kept = { token, until };
    return token;
  }

  return {
    async token() {
      if (kept && now() < kept.until) return kept.token;
      running ??= signIn().finally(() => {
        running = undefined;
      });
      return running;
    },
    drop(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

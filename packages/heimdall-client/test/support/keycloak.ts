import { type KeycloakAdminOptions, normalizeAdminOptions } from '../../src/admin/options.ts';
import { type AdminRequest, createAdminRequest } from '../../src/admin/request.ts';
import { createClock } from './issuer.ts';

export const realm = 'https://id.example/heimdall/realms/asgard';
export const adminUrl = 'https://id.example/heimdall/admin/realms/asgard';
const tokenEndpoint = `${realm}/protocol/openid-connect/token`;

/** Something that was sent to the realm, without the sign-in. */
export interface Sent {
  readonly method: string;
  /** Below the realm, with the query. */
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | null;
}

/** A Keycloak that gives numbered tokens, and answers of its own to the rest. */
export function fakeKeycloak(answer: (sent: Sent) => Response) {
  const clock = createClock();
  const sent: Sent[] = [];
  const state = {
    signIns: 0,
    signIn: (): Response => Response.json({ access_token: `t${state.signIns}`, expires_in: 60 }),
  };
  const options: KeycloakAdminOptions = {
    ...{ issuer: realm, now: clock.now },
    client: { method: 'client_secret_basic', clientId: 'admin', secret: 's' },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.url === tokenEndpoint) {
        state.signIns += 1;
        return state.signIn();
      }
      const text = await request.text();
      const body = text === '' ? undefined : JSON.parse(text);
      const path = request.url.slice(adminUrl.length + 1);
      const one = { method: request.method, path, body, authorization: request.headers.get('authorization') };
      sent.push(one);
      return answer(one);
    },
  };
  const request: AdminRequest = createAdminRequest(normalizeAdminOptions(options));
  return { options, request, sent, state, clock };
}

/** Answer to something made. */
export function made(id: string): Response {
  return new Response(null, { status: 201, headers: { location: `${adminUrl}/things/${id}` } });
}

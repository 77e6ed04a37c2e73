/** What came of a registration. */
export interface Registration {
  readonly status: number;
  readonly id: string;
  readonly secret: string;
  /** For changes of it (RFC 7592). */
  readonly token: string;
}

/** Statuses of a route that says no, and of one that is not there. */
export const ANSWER_CODES: { readonly refused: readonly number[] } = { refused: [400, 401, 403, 404, 405, 415] };

/** Every way by which Keycloak registers clients of strangers. */
export function registrationsAt(issuer: string) {
  const base = `${issuer}/clients-registrations`;
  return {
    /** OpenID Connect Dynamic Client Registration, the one that MCP clients use. */
    oidc: (metadata: object) => send(`${base}/openid-connect`, { method: 'POST', body: metadata }),
    oidcUpdate: ({ id, token }: Registration, metadata: object) =>
      send(`${base}/openid-connect/${id}`, { method: 'PUT', body: metadata, token }),
    /** Keycloak's own representation of a client, attributes and all. */
    native: (client: object) => send(`${base}/default`, { method: 'POST', body: client }),
    nativeUpdate: ({ id, token }: Registration, client: object) =>
      send(`${base}/default/${id}`, { method: 'PUT', body: client, token }),
  };
}

async function send(
  url: string,
  { method, body, token }: { method: string; body: object; token?: string },
): Promise<Registration> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
  return {
    status: response.status,
    id: json.client_id ?? json.clientId ?? '',
    secret: json.client_secret ?? json.secret ?? '',
    token: json.registration_access_token ?? json.registrationAccessToken ?? '',
  };
}

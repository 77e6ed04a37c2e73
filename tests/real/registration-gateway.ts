/** What the gateway does on the way to a realm: it takes `scope` out of registrations, to which Keycloak would pin the client for good. */
export function throughGateway(fetcher: typeof fetch): typeof fetch {
  return async (input, init) => {
    const isRegistration = init?.method === 'POST' && String(input).includes('/clients-registrations/');
    if (!isRegistration || typeof init.body !== 'string') return fetcher(input, init);
    const { scope: _, ...metadata } = JSON.parse(init.body) as Record<string, unknown>;
    return fetcher(input, { ...init, body: JSON.stringify(metadata) });
  };
}

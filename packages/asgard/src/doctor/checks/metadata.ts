import { type Check, failed, ok, skipped } from '../check.ts';
import { whereToLook } from '../where-to-look.ts';

/** What a client finds on its way to a token: the challenge, the document it names, and the issuer in it (RFC 9728, RFC 8414). */
export const metadataCheck: Check = {
  name: 'metadata',
  run: async ({ effects, chain, signal }) => {
    if (chain === undefined) return skipped('nothing runs here');
    const get = (url: string, init: RequestInit = {}): Promise<Response> =>
      effects.fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
    try {
      const asked = await get(chain.mcpUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      await asked.body?.cancel();
      if (asked.status !== 401) {
        return asked.status < 500
          ? skipped(`the server asks nobody for a token (${asked.status})`)
          : failed(`the server answers ${asked.status}`, whereToLook(chain));
      }
      const challenge = asked.headers.get('www-authenticate') ?? '';
      const [, documentUrl] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
      if (documentUrl === undefined) {
        return failed(
          'the 401 names no resource_metadata',
          'Let Odin or the gateway add it; see docs/operations/bifrost.md',
        );
      }
      const document = (await (await get(documentUrl)).json()) as {
        resource?: string;
        authorization_servers?: string[];
      };
      if (document.resource !== chain.mcpUrl) {
        return failed(
          `the server says it is ${document.resource}, but it is asked at ${chain.mcpUrl}`,
          'ASGARD_URL of the server must be the URL that clients use.',
        );
      }
      const [issuer = ''] = document.authorization_servers ?? [];
      const metadata = (await (await get(`${issuer}/.well-known/openid-configuration`)).json()) as { issuer?: string };
      return metadata.issuer === issuer
        ? ok(`tokens for ${document.resource} come from ${issuer}`)
        : failed(
            `the issuer calls itself ${metadata.issuer}, the server calls it ${issuer}`,
            'ASGARD_ISSUER of the server and KC_HOSTNAME of Keycloak must agree.',
          );
    } catch (error) {
      const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      return failed(`a client cannot find out where to sign in: ${reason}`, whereToLook(chain));
    }
  },
};

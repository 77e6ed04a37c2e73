import { issuerOf, mcpUrlOf } from '../../infra/settings.ts';
import { type Chain, type Check, type DoctorContext, type Finding, failed, ok, skipped } from '../check.ts';

const FIX = 'Bring the settings to Keycloak, the gateway and the server: asgard infra up';

/** What clients really get: the issuer's published facts, and the token that a user was given, against what gateway and server ask for. */
export const tokensCheck: Check = {
  name: 'tokens',
  run: async (context) => {
    const { chain, stack } = context;
    if (chain?.kind !== 'infra') return skipped('the stack does not run here');
    const issuer = issuerOf(stack.settings);
    const published = await readMetadata(context, issuer);
    if (published === undefined) return skipped(`${issuer} does not answer: see the check "metadata"`);
    if (published.issuer !== issuer) {
      return failed(`the issuer calls itself ${published.issuer}; gateway and server take tokens of ${issuer}`, FIX);
    }
    const missing = stack.settings.scopes.filter((scope) => !published.scopes.includes(scope));
    if (missing.length > 0) return failed(`Keycloak does not offer the scopes ${missing.join(', ')}`, FIX);
    return judgeToken(chain, { issuer, audience: mcpUrlOf(stack.settings) });
  },
};

function judgeToken({ token }: Chain, { issuer, audience }: { issuer: string; audience: string }): Finding {
  const claims = token === undefined ? undefined : claimsOf(token);
  if (claims === undefined) return ok(`${issuer} publishes what is asked for; there is no token to look into`);
  const audiences = [claims.aud].flat();
  if (claims.iss !== issuer) {
    return failed(`a token says it is from ${claims.iss}; gateway and server take tokens of ${issuer}`, FIX);
  }
  if (!audiences.includes(audience)) {
    return failed(`a token is for ${audiences.join(', ') || 'nobody'}; gateway and server ask for ${audience}`, FIX);
  }
  return ok(`a token of ${issuer} is for ${audience}`);
}

async function readMetadata(
  { effects, signal }: DoctorContext,
  issuer: string,
): Promise<{ issuer: unknown; scopes: readonly unknown[] } | undefined> {
  try {
    const response = await effects.fetch(`${issuer}/.well-known/openid-configuration`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    });
    const metadata = (await response.json()) as { issuer?: unknown; scopes_supported?: unknown };
    if (!response.ok) return undefined;
    const { issuer: name, scopes_supported: scopes } = metadata;
    return { issuer: name, scopes: Array.isArray(scopes) ? scopes : [] };
  } catch {
    return undefined;
  }
}

/** Undefined for a token that only its issuer can read. What a token says is only compared here, so its signature does not count. */
function claimsOf(token: string): { readonly iss?: unknown; readonly aud?: unknown } | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}

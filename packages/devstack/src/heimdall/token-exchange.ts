import { importJWK, type JWK, jwtVerify } from 'jose';
import type { errors as OidcErrors, Provider, ResourceServerInstance, TokenEndpointGrantContext } from 'oidc-provider';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What the grant is made of. */
export interface TokenExchangeParts {
  readonly provider: Provider;
  readonly errors: typeof OidcErrors;
  /** The issuer's key. */
  readonly key: JWK;
  /** Audiences that a token can be exchanged for. */
  readonly targets: ReadonlySet<string>;
  readonly lifetimeSeconds: number;
  readonly format: 'jwt' | 'opaque';
}

interface Parameters {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly audience?: string;
}

interface Subject {
  readonly accountId: string;
  readonly sessionUid?: string;
  readonly scope: string;
}

/**
 * Lets a server exchange the access token of a user for one of another service (RFC 8693): confidential clients only, for the announced
 * audiences, with no more scope than the user's token has.
 */
export function addTokenExchange(parts: TokenExchangeParts): void {
  const { provider, errors, targets } = parts;

  async function exchange(ctx: TokenEndpointGrantContext<Parameters>): Promise<void> {
    const { client, params } = ctx.oidc;
    if (client.clientAuthMethod === 'none') throw new errors.InvalidRequest('a public client cannot exchange tokens');
    if (params.subject_token === undefined || params.subject_token_type !== accessTokenType) {
      throw new errors.InvalidRequest('an access token is needed as "subject_token"');
    }
    if (params.requested_token_type !== undefined && params.requested_token_type !== accessTokenType) {
      throw new errors.InvalidRequest('only access tokens are issued');
    }
    const { audience } = params;
    if (audience === undefined || !targets.has(audience)) throw new errors.InvalidTarget('no such audience');
    const subject = await read(params.subject_token);
    const scope = narrow(subject.scope, params.scope);
    const token = new provider.AccessToken({
      ...{ accountId: subject.accountId, client, gty: 'token_exchange', scope },
      ...(subject.sessionUid !== undefined && { sessionUid: subject.sessionUid }),
    } as unknown as ConstructorParameters<Provider['AccessToken']>[0]);
    token.resourceServer = resourceServer(audience, scope, parts);
    ctx.body = {
      access_token: await token.save(),
      ...{ issued_token_type: accessTokenType, token_type: 'Bearer', expires_in: token.expiration, scope },
    };
  }

  async function read(token: string): Promise<Subject> {
    const subject = token.includes('.') ? await readJwt(token) : await readOpaque(token);
    if (subject) return subject;
    throw new errors.InvalidRequest('the "subject_token" is not good');
  }

  async function readJwt(token: string): Promise<Subject | undefined> {
    try {
      const { kty, n, e } = parts.key;
      const key = await importJWK({ kty, n, e } as JWK, 'RS256');
      const { payload } = await jwtVerify(token, key, {
        ...{ issuer: provider.issuer, typ: 'at+jwt', algorithms: ['RS256'] },
      });
      const { sub, sid, scope } = payload;
      if (typeof sub !== 'string') return undefined;
      return {
        accountId: sub,
        scope: typeof scope === 'string' ? scope : '',
        ...(typeof sid === 'string' && { sessionUid: sid }),
      };
    } catch {
      return undefined;
    }
  }

  async function readOpaque(token: string): Promise<Subject | undefined> {
    const found = await provider.AccessToken.find(token);
    if (!found?.accountId) return undefined;
    const { accountId, sessionUid, scope = '' } = found;
    return { accountId, scope, ...(sessionUid !== undefined && { sessionUid }) };
  }

  function narrow(held: string, wanted: unknown): string {
    if (typeof wanted !== 'string') return held;
    const scopes = new Set(held.split(' '));
    if (wanted.split(' ').every((scope) => scopes.has(scope))) return wanted;
    throw new errors.InvalidScope("the user's token does not have this scope", wanted);
  }

  provider.registerGrantType<Parameters>(grantType, exchange, [
    ...['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'scope'],
  ]);
}

function resourceServer(
  audience: string,
  scope: string,
  { format, lifetimeSeconds }: TokenExchangeParts,
): ResourceServerInstance {
  return {
    ...{ audience, scope, accessTokenFormat: format, accessTokenTTL: lifetimeSeconds },
    ...(format === 'jwt' && { jwt: { sign: { alg: 'RS256' } } }),
    scopes: new Set(scope.split(' ')),
    identifier: () => audience,
  } as ResourceServerInstance;
}

import { type ClaimNames, type ClaimNamesPolicy, normalizeClaimNames } from './claim-names.ts';
import { type ClientAuthentication, normalizeClient } from './client-options.ts';
import { badOption, secureUrl, wholeNumber } from './option-rules.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

const defaultAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Asking the issuer about tokens (RFC 7662). */
export interface IntrospectionOptions {
  /** Who asks: a client of the issuer that may introspect. */
  readonly client: ClientAuthentication;
  /** Where to ask. @default `introspection_endpoint` of the issuer's metadata */
  readonly endpoint?: string;
  /**
   * Which tokens the issuer is asked about: those that are no JWT, or all of them. With `all`, ended sessions are noticed, at the price of
   * a request for each token that is not in the cache. @default 'opaque'
   */
  readonly tokens?: 'opaque' | 'all';
  /** Longest time an answer is believed, milliseconds. @default 30_000 */
  readonly maxTtlMs?: number;
  /** How long a token stays refused without asking again, milliseconds. @default 5_000 */
  readonly refusedTtlMs?: number;
}

/** Asking the issuer who the user is (OpenID Connect Core section 5.3). */
export interface UserinfoOptions {
  /** Where to ask. @default `userinfo_endpoint` of the issuer's metadata */
  readonly endpoint?: string;
}

/** An accepted issuer. */
export interface IssuerOptions {
  /** The issuer's identifier, exactly as in its metadata and in `iss`. */
  readonly issuer: string;
  /** Where the issuer's keys are. @default found through the issuer's metadata */
  readonly jwksUri?: string;
  /** Accepted signature algorithms. @default ['RS256', 'PS256', 'ES256', 'EdDSA'] */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Ask the issuer about tokens. @default JWTs only, verified here */
  readonly introspection?: IntrospectionOptions;
  /**
   * Ask the issuer for what a token does not say: name, roles, organizations and the claims to keep. Only for tokens that were found good before, as
   * the answer does not say for whom a token was issued; what the token itself says counts more. One request for each token that is not in the cache.
   * @default nobody is asked
   */
  readonly userinfo?: UserinfoOptions;
  /** Where the tokens say what their holder may do. @default where Keycloak's and RFC 9068's say it */
  readonly claimNames?: ClaimNames;
}

/** Introspection after all checks. */
export interface IntrospectionPolicy extends Readonly<Required<Omit<IntrospectionOptions, 'endpoint'>>> {
  readonly endpoint: string | undefined;
}

/** An issuer after all checks. */
export interface IssuerPolicy {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly introspection: IntrospectionPolicy | undefined;
  readonly userinfo: { readonly endpoint: string | undefined } | undefined;
  readonly claimNames: ClaimNamesPolicy;
}

/**
 * Checks one issuer's options and fills in the defaults.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeIssuer(options: IssuerOptions, allowHttp: boolean): IssuerPolicy {
  return Object.freeze({
    issuer: secureUrl('issuer', options.issuer, allowHttp),
    jwksUri: options.jwksUri === undefined ? undefined : secureUrl('jwksUri', options.jwksUri, allowHttp),
    algorithms: checkAlgorithms(options.algorithms ?? defaultAlgorithms),
    introspection: options.introspection && normalizeIntrospection(options.introspection, allowHttp),
    userinfo: options.userinfo && normalizeUserinfo(options.userinfo, allowHttp),
    claimNames: normalizeClaimNames(options.claimNames),
  });
}

function normalizeIntrospection(options: IntrospectionOptions, allowHttp: boolean): IntrospectionPolicy {
  const { endpoint, tokens = 'opaque' } = options;
  if (tokens !== 'opaque' && tokens !== 'all') throw badOption('introspection.tokens', "must be 'opaque' or 'all'");
  return Object.freeze({
    client: normalizeClient('introspection.client', options.client),
    endpoint: endpoint === undefined ? undefined : secureUrl('introspection.endpoint', endpoint, allowHttp),
    tokens,
    maxTtlMs: wholeNumber('introspection.maxTtlMs', options.maxTtlMs, { fallback: 30_000, max: 3_600_000 }),
    refusedTtlMs: wholeNumber('introspection.refusedTtlMs', options.refusedTtlMs, { fallback: 5_000, max: 60_000 }),
  });
}

function normalizeUserinfo({ endpoint }: UserinfoOptions, allowHttp: boolean): IssuerPolicy['userinfo'] {
  return Object.freeze({
    endpoint: endpoint === undefined ? undefined : secureUrl('userinfo.endpoint', endpoint, allowHttp),
  });
}

function checkAlgorithms(value: readonly SignatureAlgorithm[]): readonly SignatureAlgorithm[] {
  if (!Array.isArray(value) || value.length === 0) throw badOption('algorithms', 'must name at least one algorithm');
  if (!value.every((entry) => isSignatureAlgorithm(entry))) {
    throw badOption('algorithms', 'may only name RS*, PS*, ES* and EdDSA; "none" and shared secrets (HS*) are refused');
  }
  return Object.freeze([...value]);
}

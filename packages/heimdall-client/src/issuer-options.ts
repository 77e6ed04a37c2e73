import type { JWK } from 'jose';
import { badOption, secureUrl, wholeNumber } from './option-rules.ts';

/** Signature algorithms a verifier may accept. All asymmetric: with a shared secret every reader could also write. */
export type SignatureAlgorithm =
  | `${'RS' | 'PS'}${'256' | '384' | '512'}`
  | `ES${'256' | '384' | '512'}`
  | 'EdDSA'
  | 'Ed25519';

const signatureAlgorithm = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/;

const defaultAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** How this server proves to the issuer who it is (RFC 7591 section 2, RFC 7523 section 2.2). */
export type ClientAuthentication =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      /** Private key with its `alg`, and `kid` if the issuer has several. */
      readonly key: JWK;
    };

/** Asking the issuer about tokens (RFC 7662). */
export interface IntrospectionOptions {
  readonly client: ClientAuthentication;
  /** @default `introspection_endpoint` of the issuer's metadata */
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
  });
}

function normalizeIntrospection(options: IntrospectionOptions, allowHttp: boolean): IntrospectionPolicy {
  const { endpoint, tokens = 'opaque' } = options;
  if (tokens !== 'opaque' && tokens !== 'all') throw badOption('introspection.tokens', "must be 'opaque' or 'all'");
  return Object.freeze({
    client: checkClient(options.client),
    endpoint: endpoint === undefined ? undefined : secureUrl('introspection.endpoint', endpoint, allowHttp),
    tokens,
    maxTtlMs: wholeNumber('introspection.maxTtlMs', options.maxTtlMs, { fallback: 30_000, max: 3_600_000 }),
    refusedTtlMs: wholeNumber('introspection.refusedTtlMs', options.refusedTtlMs, { fallback: 5_000, max: 60_000 }),
  });
}

function checkClient(client: ClientAuthentication): ClientAuthentication {
  if (!client?.clientId) throw badOption('introspection.client', 'must have a clientId');
  switch (client.method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      if (!client.secret) throw badOption('introspection.client', `needs a secret for ${client.method}`);
      return Object.freeze({ ...client });
    case 'private_key_jwt':
      if (!client.key?.d || !signatureAlgorithm.test(client.key.alg ?? '')) {
        throw badOption('introspection.client', 'needs a private key (JWK) with its "alg" for private_key_jwt');
      }
      return Object.freeze({ ...client, key: Object.freeze({ ...client.key }) });
    default:
      throw badOption('introspection.client', 'must use client_secret_basic, client_secret_post or private_key_jwt');
  }
}

function checkAlgorithms(value: readonly SignatureAlgorithm[]): readonly SignatureAlgorithm[] {
  if (!Array.isArray(value) || value.length === 0) throw badOption('algorithms', 'must name at least one algorithm');
  if (!value.every((entry) => signatureAlgorithm.test(entry))) {
    throw badOption('algorithms', 'may only name RS*, PS*, ES* and EdDSA; "none" and shared secrets (HS*) are refused');
  }
  return Object.freeze([...value]);
}

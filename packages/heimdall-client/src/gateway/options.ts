import { canonicalAudience } from '../audience.ts';
import { badOption, secureUrl, strongKeys, wholeNumber } from '../option-rules.ts';

/** How the gateway proves that a header is its own. */
export type GatewayProof =
  | {
      /** Each request is signed with a secret that gateway and server share. */
      readonly kind: 'hmac';
      /** Secrets as base64url, at least 32 bytes each; several while one takes the place of another. */
      readonly keys: readonly string[];
      /** Header with the signature. @default 'x-userinfo-signature' */
      readonly header?: string;
      /** Oldest signature that is taken, seconds. @default 30 */
      readonly maxAgeSeconds?: number;
      /** Most signatures that are remembered against replay. @default 100_000 */
      readonly maxProofs?: number;
    }
  | {
      /** The gateway connects with a client certificate that the server has verified. */
      readonly kind: 'mtls';
      /** Subjects of such certificates, compared exactly. */
      readonly subjects: readonly string[];
    }
  | {
      /** The server listens on loopback only, and nothing but the gateway runs on the same machine. */
      readonly kind: 'loopback';
    };

/** Options of `createGatewayReader`. */
export interface GatewayOptions {
  /** The issuer whose users the gateway signs in. */
  readonly issuer: string;
  /**
   * The resource identifier(s) that the header must name in `aud`, as it does when the gateway puts the answer of introspection into it. Needed
   * unless `dangerouslyIgnoreAudience` is set.
   */
  readonly audience?: string | readonly string[];
  /**
   * Take users from headers that do not say for whom the token was issued, as the answer of the userinfo endpoint does not: then whoever has a
   * token of the issuer for any service is let in, unless the gateway compares the audience itself. @default false
   */
  readonly dangerouslyIgnoreAudience?: boolean;
  /** How the gateway proves that the header is its own. There is no default: a header alone is no proof. */
  readonly proof: GatewayProof;
  /** Header with the user, base64 of JSON. @default 'x-userinfo' */
  readonly header?: string;
  /** How long the user is believed, seconds. @default 60 */
  readonly lifetimeSeconds?: number;
  /** Allowed difference of clocks, seconds, at most 60. @default 5 */
  readonly clockToleranceSeconds?: number;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Accept an `http:` issuer on another host than this one. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
}

/** Options after all checks. */
export interface GatewayPolicy
  extends Readonly<Required<Omit<GatewayOptions, 'proof' | 'audience' | `dangerously${string}`>>> {
  /** In canonical form; `undefined` when nobody looks. */
  readonly audience: ReadonlySet<string> | undefined;
  readonly proof: ProofPolicy;
}

/** A proof after all checks. */
export type ProofPolicy = Readonly<Required<GatewayProof>>;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeGateway(options: GatewayOptions): GatewayPolicy {
  return Object.freeze({
    issuer: secureUrl('issuer', options.issuer, options.dangerouslyAllowHttp ?? false),
    audience: options.dangerouslyIgnoreAudience === true ? undefined : audiences(options.audience),
    proof: Object.freeze(normalizeProof(options.proof)),
    header: headerName('header', options.header ?? 'x-userinfo'),
    lifetimeSeconds: wholeNumber('lifetimeSeconds', options.lifetimeSeconds, { fallback: 60, min: 1, max: 3_600 }),
    clockToleranceSeconds: wholeNumber('clockToleranceSeconds', options.clockToleranceSeconds, {
      ...{ fallback: 5, max: 60 },
    }),
    now: options.now ?? Date.now,
  });
}

function audiences(value: string | readonly string[] | undefined): ReadonlySet<string> {
  const list = [value ?? []].flat();
  if (list.length > 0 && list.every(isText)) return new Set(list.map(canonicalAudience));
  throw badOption('audience', 'must name at least one resource identifier (or set "dangerouslyIgnoreAudience")');
}

function normalizeProof(proof: GatewayProof): ProofPolicy {
  switch (proof?.kind) {
    case 'hmac':
      return {
        ...{ kind: 'hmac', keys: strongKeys('proof.keys', proof.keys) },
        header: headerName('proof.header', proof.header ?? 'x-userinfo-signature'),
        maxAgeSeconds: wholeNumber('proof.maxAgeSeconds', proof.maxAgeSeconds, { fallback: 30, min: 1, max: 300 }),
        maxProofs: wholeNumber('proof.maxProofs', proof.maxProofs, { fallback: 100_000, min: 1, max: 10_000_000 }),
      };
    case 'mtls':
      if (!Array.isArray(proof.subjects) || proof.subjects.length === 0 || !proof.subjects.every(isText)) {
        throw badOption('proof.subjects', 'must name the subject of at least one certificate');
      }
      return { kind: 'mtls', subjects: Object.freeze([...proof.subjects]) };
    case 'loopback':
      return { kind: 'loopback' };
    default:
      throw badOption('proof', "must be of kind 'hmac', 'mtls' or 'loopback': a header alone is no proof");
  }
}

function headerName(name: string, value: string): string {
  if (typeof value === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(value)) return value.toLowerCase();
  throw badOption(name, 'must be the name of a header');
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

import { isSigned, parseCompact, verifyBearer } from '../compact.ts';
import { HeimdallError } from '../errors.ts';
import { createDocumentReader, type DocumentReader } from '../issuer/document.ts';
import { createJsonRequest, type JsonRequest } from '../issuer/json-request.ts';
import type { KeySource, KeySourceStats } from '../issuer/keys.ts';
import { createMetadataSource, type MetadataSource } from '../issuer/metadata.ts';
import { createRemoteKeys } from '../issuer/remote-keys.ts';
import type { IssuerPolicy } from '../issuer-options.ts';
import type { VerifierPolicy } from '../options.ts';
import { createIntrospectionStrategy } from './introspection.ts';
import { createJwtStrategy } from './jwt.ts';
import type { InspectingStrategy, TokenStrategy } from './strategy.ts';
import { createUserinfo, type Enrich } from './userinfo.ts';

/** Knows who decides about a token. */
export interface Router {
  /**
   * The strategy for a token, once it has been found worth a closer look.
   *
   * @throws HeimdallError with status 401
   */
  route(token: string): TokenStrategy;
  /** Counters of the key sets, by issuer. */
  keyStats(): Readonly<Record<string, KeySourceStats>>;
}

interface IssuerStrategies {
  readonly jwt: InspectingStrategy;
  readonly introspection: TokenStrategy | undefined;
  readonly introspectsAll: boolean;
  readonly keys: KeySource;
}

/** Creates the strategies of all issuers. Nothing is fetched before a token needs it. */
export function createRouter(policy: VerifierPolicy): Router {
  const read = createDocumentReader(policy);
  const byIssuer = new Map(policy.issuers.map((issuer) => [issuer.issuer, createStrategies(issuer, policy, read)]));
  const opaque = strategyForOpaque([...byIssuer.values()]);

  return {
    route(token) {
      verifyBearer(token);
      if (!isSigned(token) && opaque) return opaque;
      const unverified = parseCompact(token);
      const { iss } = unverified.claims;
      const strategies = typeof iss === 'string' ? byIssuer.get(iss) : undefined;
      if (!strategies) {
        throw new HeimdallError('issuer_unknown', 'The access token comes from an issuer that is not accepted.');
      }
      strategies.jwt.inspect(unverified);
      return strategies.introspectsAll && strategies.introspection ? strategies.introspection : strategies.jwt;
    },
    keyStats: () => Object.fromEntries([...byIssuer].map(([issuer, { keys }]) => [issuer, keys.stats()])),
  };
}

/** Nothing in an opaque token tells whose it is: the issuer that is meant for them, or the only one that can be asked. */
function strategyForOpaque(all: readonly IssuerStrategies[]): TokenStrategy | undefined {
  const askable = all.filter(({ introspection }) => introspection !== undefined);
  const meant = askable.find(({ introspectsAll }) => !introspectsAll);
  return (meant ?? (askable.length === 1 ? askable[0] : undefined))?.introspection;
}

function createStrategies(issuer: IssuerPolicy, policy: VerifierPolicy, read: DocumentReader): IssuerStrategies {
  const { now, hash, audience, clockToleranceSeconds } = policy;
  const acceptsBound = policy.dpop !== undefined;
  const rules = { issuer: issuer.issuer, audience, clockToleranceSeconds, acceptsBound };
  const metadata = createMetadataSource({ issuer: issuer.issuer, read, now, allowHttp: policy.allowHttp });
  const keys = createRemoteKeys({ jwksUri: issuer.jwksUri, metadata, read, now });
  const request = createJsonRequest(policy);
  const enrich = createEnrich(issuer, policy, { metadata, request });
  const introspection =
    issuer.introspection &&
    createIntrospectionStrategy({ rules, policy: issuer.introspection, metadata, request, hash, now });
  const jwt = createJwtStrategy({ rules, keys, now, algorithms: issuer.algorithms, maxTtlMs: policy.cache.maxTtlMs });
  return {
    keys,
    jwt: enriched(jwt, enrich),
    introspection: introspection && enriched(introspection, enrich),
    introspectsAll: issuer.introspection?.tokens === 'all',
  };
}

function createEnrich(
  { userinfo, claimNames }: IssuerPolicy,
  policy: VerifierPolicy,
  { metadata, request }: { readonly metadata: MetadataSource; readonly request: JsonRequest },
): Enrich | undefined {
  if (!userinfo) return undefined;
  const { roles, organizations } = claimNames;
  const wanted = ['preferred_username', 'realm_access', 'resource_access', ...roles, organizations];
  return createUserinfo({
    ...{ endpoint: userinfo.endpoint, wanted: [...wanted, ...policy.keepClaims], metadata, request, now: policy.now },
  });
}

/** Nobody is asked about a user before their token was found good. */
function enriched<S extends TokenStrategy>(strategy: S, enrich: Enrich | undefined): S {
  if (!enrich) return strategy;
  return { ...strategy, verify: async (token) => enrich(token, await strategy.verify(token)) };
}

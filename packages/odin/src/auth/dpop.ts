import { type DpopOptions, HeimdallError, type ProvenRequest, type ReplayStore } from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';

/** Tokens that are bound to a key of their holder (RFC 9449). */
export interface DpopAuthOptions extends DpopOptions {
  /** Take no other tokens. @default false */
  readonly required?: boolean;
}

/** @internal */
export interface ResolvedDpop {
  readonly algorithms: readonly string[];
  readonly required: boolean;
  /** The public URL of the endpoint, as the client has it; absent: the origin and the path of the endpoint make it. */
  readonly endpoint: string | undefined;
  readonly origin: string;
  /** What the default verifier needs. */
  readonly options: DpopOptions;
}

export interface DpopPlace {
  /** The public URL of the endpoint. */
  readonly url: URL;
  /** What the replicas share. */
  readonly replays: ReplayStore | undefined;
}

/** As the default verifier accepts them, the one that nearly all clients use first. */
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;

/** @throws OdinError `bad_option` */
export function resolveDpop(options: DpopAuthOptions | undefined, place: DpopPlace): ResolvedDpop | undefined {
  if (!options) return undefined;
  const { url } = place;
  const { required = false, algorithms = ALGORITHMS, replays = place.replays, ...rest } = options;
  if (typeof required !== 'boolean') throw new OdinError('bad_option', 'auth.dpop.required: must be true or false.');
  return {
    ...{
      required,
      algorithms: [...algorithms],
      origin: url.origin,
      options: { ...rest, algorithms, ...(replays && { replays }) },
    },
    endpoint: url.pathname === '/' ? undefined : url.href,
  };
}

/**
 * The proof of one request. The URL that it must be for comes from the options: a header that names another host changes nothing (RFC 9449
 * section 4.3, item 9).
 *
 * @throws HeimdallError `proof_invalid` without a proof
 */
export function proofOf(request: HttpRequest, { endpoint, origin }: ResolvedDpop): ProvenRequest {
  const proof = request.header('dpop');
  if (proof === undefined) throw new HeimdallError('proof_invalid', 'The request has no proof (header "DPoP")');
  // The pipeline has compared the path with the endpoint's.
  return { proof, method: request.method, url: endpoint ?? `${origin}${request.path}` };
}

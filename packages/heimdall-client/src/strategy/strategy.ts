import type { UnverifiedToken } from '../compact.ts';
import type { JsonObject } from '../json.ts';

/** One way to find out whether a token is good. Does not remember good tokens: the verifier does. */
export interface TokenStrategy {
  /**
   * Decides, and answers with the token's claims.
   *
   * @throws HeimdallError with status 401 when the token is not good, `unavailable` when that cannot be found out
   */
  verify(token: string): Promise<JsonObject>;
  /** Longest time the answer may be believed, milliseconds. */
  readonly maxTtlMs: number;
  /** Asking takes a trip to the issuer, so a token in use is asked about again before the last answer is too old. @default false */
  readonly isRemote?: boolean;
}

/** A strategy for tokens that can be looked into. */
export interface InspectingStrategy extends TokenStrategy {
  /**
   * Refuses what cannot be good, by looking at the token alone.
   *
   * @throws HeimdallError with status 401
   */
  inspect(token: UnverifiedToken): void;
}

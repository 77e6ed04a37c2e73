import type { JsonObject } from '../json.ts';

/** One way to find out whether a token is good. Must not cache: the verifier does. */
export interface TokenStrategy {
  /**
   * Refuses what cannot be good, by looking at the token alone. Returns nothing when the token deserves a closer look.
   *
   * @throws HeimdallError with status 401
   */
  inspect(token: string): void;
  /**
   * Decides, after `inspect`, and answers with the token's claims.
   *
   * @throws HeimdallError with status 401 when the token is not good, `unavailable` when that cannot be found out
   */
  verify(token: string): Promise<JsonObject>;
}

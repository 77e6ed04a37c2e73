import type { BodyRule } from './registration-rule.ts';

/** A server behind the gateway. */
export type RouteTarget = 'odin' | 'hermod' | 'heimdall';

/** One way through the gateway. Both kong.yml and the table of the stand-in are made from these. */
export interface InfraRoute {
  readonly name: string;
  readonly paths: readonly string[];
  readonly match: 'prefix' | 'exact';
  readonly methods?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Names without a port. A route without them is for every host. */
  readonly hosts?: readonly string[];
  readonly target: RouteTarget;
  /**
   * `token`: the gateway asks for a token before it forwards. `server`: the same kind of request, for which the server asks. `open`: whoever is
   * behind asks for what it wants.
   */
  readonly access: 'token' | 'server' | 'open';
  /** Goes in place of the request's path. */
  readonly replacePath?: string;
  /** Requests of one user a minute, or of one address. */
  readonly perMinute?: number;
  /** @default 'user' */
  readonly limitBy?: 'user' | 'address';
  /** What passes of the body of a POST or PUT. */
  readonly body?: BodyRule;
  /** A call of 2026-07-28 or later must say in its headers what it calls. Refused with 400 otherwise. */
  readonly mcpHeaders?: true;
  /** Answered by the gateway with 403. */
  readonly denied?: true;
}

import type { TenantIdentity } from '../protocol/exchange.ts';
import type { ResolvedAuth } from './resolve.ts';

/** What a request meets under one host name: whose tokens count there, and whose data it is about. */
export interface Site {
  readonly auth: ResolvedAuth | undefined;
  /** Absent on the server's own host. */
  readonly tenant: TenantIdentity | undefined;
  /** Name for people, in the metadata document. */
  readonly name: string;
}

import { type Cluster, createMemoryCluster } from '../cluster/cluster.ts';
import type { InFlight } from '../http/in-flight.ts';
import type { ResolvedHttp } from '../http/options.ts';
import { createSeal } from '../input/seal.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import { Lane } from './lane.ts';
import { resolveSessions, type SessionOptions } from './options.ts';

export interface CreateLaneOptions {
  readonly sessions: SessionOptions | false | undefined;
  readonly cluster: Cluster | undefined;
  readonly secrets: readonly string[];
  /** What session ids are good for: the server's URL, or its name. */
  readonly server: string;
  readonly http: ResolvedHttp;
  readonly parts: ServerParts;
  readonly inFlight: InFlight;
}

/**
 * The lane of a server's options; undefined when it keeps no sessions.
 *
 * @throws OdinError `bad_option`
 */
export function createLane({
  sessions,
  cluster,
  secrets,
  server,
  http,
  parts,
  inFlight,
}: CreateLaneOptions): Lane | undefined {
  if (sessions === false) return undefined;
  return new Lane({
    parts,
    options: resolveSessions(sessions),
    cluster: cluster ?? createMemoryCluster(),
    seal: createSeal(secrets, 'session'),
    server,
    patienceMs: http.patienceMs,
    keepAliveMs: http.keepAliveMs,
    inFlight,
  });
}

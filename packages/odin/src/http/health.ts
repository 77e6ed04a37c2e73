import type { HttpRequest, HttpResponder } from './message.ts';

export const LIVE_PATH = '/.odin/live';
export const READY_PATH = '/.odin/ready';
/** Names the start of a replica that is meant: whoever took over its address says 421 (RFC 9110 section 15.5.20), not that it lives. */
export const OWNER_HEADER = 'odin-owner';

/** What must hold for new requests to be sent here. Says yes or no and nothing else: probes come from anywhere. */
export interface Readiness {
  readonly draining: boolean;
  readonly proxyConnected: boolean;
  /** At least once. */
  readonly clusterWasReached: boolean;
  /** This start of this replica, when others may ask for it. */
  readonly owner: string | undefined;
}

export function serveHealth(request: HttpRequest, responder: HttpResponder, readiness: () => Readiness): void {
  const state = readiness();
  const meant = request.header(OWNER_HEADER);
  if (meant !== undefined && state.owner !== undefined && meant !== state.owner) return responder.send(421, {});
  const ok = request.path === LIVE_PATH || isReady(state);
  return responder.send(
    ok ? 200 : 503,
    { 'content-type': 'application/json' },
    ok ? '{"status":"ok"}' : '{"status":"unavailable"}',
  );
}

function isReady({ draining, proxyConnected, clusterWasReached }: Readiness): boolean {
  return !draining && proxyConnected && clusterWasReached;
}

import type { HttpRequest, HttpResponder } from './message.ts';

export const LIVE_PATH = '/.odin/live';
export const READY_PATH = '/.odin/ready';

/** What must hold for new requests to be sent here. Says yes or no and nothing else: probes come from anywhere. */
export interface Readiness {
  readonly draining: boolean;
  readonly proxyConnected: boolean;
  /** At least once. */
  readonly clusterWasReached: boolean;
}

export function serveHealth(request: HttpRequest, responder: HttpResponder, readiness: () => Readiness): void {
  const ok = request.path === LIVE_PATH || isReady(readiness());
  return responder.send(
    ok ? 200 : 503,
    { 'content-type': 'application/json' },
    ok ? '{"status":"ok"}' : '{"status":"unavailable"}',
  );
}

function isReady({ draining, proxyConnected, clusterWasReached }: Readiness): boolean {
  return !draining && proxyConnected && clusterWasReached;
}

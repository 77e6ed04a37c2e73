import type { HttpHeaders } from './message.ts';

/** Headers of every event stream. `X-Accel-Buffering` asks nginx-like proxies not to hold events back. */
export const SSE_HEADERS: HttpHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

export const KEEP_ALIVE = ': keep-alive\n\n';

/** One JSON-RPC message as one server-sent event. JSON text has no line breaks, so one data line is enough. */
export function formatEvent(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}

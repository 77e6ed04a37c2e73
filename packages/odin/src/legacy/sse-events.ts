/**
 * The first event of a stream: no message, only where the client stands and when to come back (MCP 2025-11-25,
 * basic/transports, SEP-1699).
 */
export function formatPriming(id: string, retryMs: number): string {
  return `id: ${id}\nretry: ${retryMs}\ndata:\n\n`;
}

/** Says that nothing more will come on a stream, without a message. */
export function formatEnd(id: string): string {
  return `id: ${id}\ndata:\n\n`;
}

/** One JSON-RPC message as one event that the client can come back after. */
export function formatNumbered(json: string, id: string): string {
  return `id: ${id}\nevent: message\ndata: ${json}\n\n`;
}

/** Revisions from which on clients take an event without data for what it is; older ones try to parse it. */
export function takesEmptyEvents(version: string): boolean {
  return version >= '2025-11-25';
}

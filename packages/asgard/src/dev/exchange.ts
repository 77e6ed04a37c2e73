/** One finished exchange, as Odin publishes it on the diagnostics channel `asgard:exchange`. */
export interface Exchange {
  readonly method: string;
  /** Name of the tool or prompt, URI of the resource. */
  readonly target?: string;
  /** 499 when the client left before the answer. */
  readonly status: number;
  readonly durationMs: number;
  readonly subject?: string;
  readonly username?: string;
  readonly era?: string;
  readonly reply: 'json' | 'sse' | 'held';
  /** The JSON-RPC error code, when the answer is an error. */
  readonly errorCode?: number;
  /** True when the tool answered with `isError`. */
  readonly toolError?: boolean;
}

/** Takes what came over IPC apart again; undefined when it is something else. */
export function parseExchange(value: unknown): Exchange | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { method, target, status, durationMs, subject, username, era, reply, errorCode, toolError } = value as Record<
    string,
    unknown
  >;
  if (typeof method !== 'string' || typeof status !== 'number' || typeof durationMs !== 'number') return undefined;
  return {
    method,
    status,
    durationMs,
    reply: reply === 'held' || reply === 'sse' ? reply : 'json',
    ...(typeof target === 'string' && { target }),
    ...(typeof subject === 'string' && { subject }),
    ...(typeof username === 'string' && { username }),
    ...(typeof era === 'string' && { era }),
    ...(typeof errorCode === 'number' && { errorCode }),
    ...(toolError === true && { toolError }),
  };
}

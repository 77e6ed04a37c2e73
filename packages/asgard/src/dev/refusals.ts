/** A request to the server that never became an exchange: without a token, or with nobody to answer it. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** What the gateway tells; other events are let pass. */
export interface GatewayEvent {
  readonly source: string;
  readonly type: string;
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number | undefined;
  readonly durationMs?: number;
}

const MAX_OPEN = 10_000;

/** Answers that come before there is an exchange, and what they mean. Others (a 405 to a GET stream) are everyday life. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'no valid token',
  406: 'wrong accept header',
  413: 'too large',
  415: 'wrong content type',
  429: 'more calls than the rule of the tool allows',
  502: 'the server does not answer',
  503: 'the server is not ready',
  504: 'the server does not answer',
};

export function describeRefusal(status: number): string {
  return MEANINGS[status] ?? 'refused';
}

/** Finds the refusals among the events of the stack. A held or long request stays open until its answer ends. */
export function createRefusalFilter(
  mcpPath: string,
  onRefusal: (refusal: Refusal) => void,
): (event: GatewayEvent) => void {
  const open = new Map<string, { method: string; path: string }>();
  return ({ source, type, requestId, method, path, status, durationMs }) => {
    if (source !== 'bifrost' || requestId === undefined) return;
    if (type === 'request' && method !== undefined && path?.split('?', 1)[0] === mcpPath) {
      if (open.size < MAX_OPEN) open.set(requestId, { method, path });
      return;
    }
    const request = open.get(requestId);
    if (type !== 'response' || request === undefined) return;
    open.delete(requestId);
    if (status !== undefined && status in MEANINGS) {
      onRefusal({ ...request, status, durationMs: durationMs ?? 0 });
    }
  };
}

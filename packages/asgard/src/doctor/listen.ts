import type { Chain, DoctorContext } from './check.ts';

/** What a subscription through the whole chain looked like from outside. */
export interface ListenResult {
  readonly status: number;
  /** Until the headers, and until the first whole event; undefined when it did not come while the stream was watched. */
  readonly headersMs: number;
  readonly firstEventMs: number | undefined;
  /** The answer ended by itself while it was watched. */
  readonly ended: boolean;
  /** What the server said, when it refused. */
  readonly text: string;
}

const VERSION = '2026-07-28';

/**
 * Opens `subscriptions/listen`, which is acknowledged at once and then stays silent, and looks at it for a while. A proxy that buffers
 * keeps the acknowledgement; a hold that never got live ends.
 */
export async function listen(
  chain: Chain,
  { effects, signal }: Pick<DoctorContext, 'effects' | 'signal'>,
  { watchMs }: { readonly watchMs: number },
): Promise<ListenResult> {
  const enough = new AbortController();
  const started = effects.monotonic();
  const response = await effects.fetch(chain.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'subscriptions/listen',
      ...(chain.token === undefined ? {} : { authorization: `Bearer ${chain.token}` }),
    },
    body: JSON.stringify(LISTEN),
    signal: AbortSignal.any([signal, enough.signal]),
  });
  const headersMs = effects.monotonic() - started;
  const result = { status: response.status, headersMs };
  const reader = response.body?.getReader();
  if (response.status !== 200 || reader === undefined) {
    const text = await readShort(reader);
    return { ...result, firstEventMs: undefined, ended: true, text };
  }
  let firstEventMs: number | undefined;
  let text = '';
  let ended = false;
  const watched = effects.delay(watchMs, signal).then(() => 'enough' as const);
  for (;;) {
    const next = await Promise.race([watched, reader.read().catch(() => ({ done: true as const, value: undefined }))]);
    if (next === 'enough') break;
    if (next.done) {
      ended = true;
      break;
    }
    text = `${text}${new TextDecoder().decode(next.value)}`.slice(0, 10_000);
    if (firstEventMs === undefined && text.includes('\n\n')) firstEventMs = effects.monotonic() - started;
  }
  enough.abort();
  return { ...result, firstEventMs, ended, text };
}

const LISTEN = {
  jsonrpc: '2.0',
  id: 'doctor',
  method: 'subscriptions/listen',
  params: {
    notifications: { toolsListChanged: true },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientInfo': { name: 'asgard-doctor', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

async function readShort(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<string> {
  const first = await reader?.read().catch(() => undefined);
  await reader?.cancel().catch(() => undefined);
  return first?.value === undefined ? '' : new TextDecoder().decode(first.value).slice(0, 300);
}

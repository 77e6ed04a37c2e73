import type { OdinServer } from '../../src/index.ts';

/** A server in this process, or the way to one in another. */
export type LegacyTarget = Pick<OdinServer, 'fetch'>;

export interface LegacyMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface LegacyEvent {
  readonly id: string | undefined;
  readonly retry: number | undefined;
  /** undefined for an event without a message. */
  readonly message: LegacyMessage | undefined;
}

export interface LegacyOptions {
  readonly version?: string;
  readonly capabilities?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads server-sent events one by one; comments are skipped. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #buffer = '';

  constructor(response: Response) {
    if (!response.body) throw new Error(`No stream, status ${response.status}`);
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** undefined at the end of the stream. */
  async next(): Promise<LegacyEvent | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 2);
        const event = parseBlock(block);
        if (event) return event;
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#buffer += value;
    }
  }

  /** The next event that has a message. */
  async message(): Promise<LegacyMessage | undefined> {
    for (;;) {
      const event = await this.next();
      if (!event || event.message) return event?.message;
    }
  }

  /** Everything until the end. */
  async rest(): Promise<LegacyEvent[]> {
    const events: LegacyEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) events.push(event);
    return events;
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parseBlock(block: string): LegacyEvent | undefined {
  const field = (name: string): string | undefined => {
    const line = block.split('\n').find((text) => text.startsWith(`${name}:`));
    return line?.slice(name.length + 1).trimStart();
  };
  const data = field('data');
  if (data === undefined) return undefined;
  const retry = field('retry');
  return {
    id: field('id'),
    retry: retry === undefined ? undefined : Number(retry),
    message: data === '' ? undefined : (JSON.parse(data) as LegacyMessage),
  };
}

/** A client of 2025-11-25 by hand, so that a test sees every header and event. Each request may go to another replica. */
export class LegacyClient {
  sessionId: string | undefined;
  agreed: LegacyMessage | undefined;
  readonly #options: LegacyOptions;
  #lastId = 0;

  constructor(options: LegacyOptions = {}) {
    this.#options = options;
  }

  async connect(odin: LegacyTarget): Promise<this> {
    const { version = '2025-11-25', capabilities = {} } = this.#options;
    const params = { protocolVersion: version, capabilities, clientInfo: { name: 'by hand', version: '1' } };
    const response = await this.post(odin, { id: 0, method: 'initialize', params });
    this.sessionId = response.headers.get('mcp-session-id') ?? undefined;
    this.agreed = (await response.json()) as LegacyMessage;
    const initialized = await this.post(odin, { method: 'notifications/initialized' });
    if (initialized.status !== 202) throw new Error(`initialized was answered ${initialized.status}`);
    return this;
  }

  post(odin: LegacyTarget, message: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return odin.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...this.#headers(),
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      }),
    );
  }

  request(
    odin: LegacyTarget,
    method: string,
    params: object = {},
    id: string | number = ++this.#lastId,
  ): Promise<Response> {
    return this.post(odin, { id, method, params });
  }

  /** One request that is answered with one JSON body. */
  async ask(odin: LegacyTarget, method: string, params: object = {}): Promise<LegacyMessage> {
    return (await (await this.request(odin, method, params)).json()) as LegacyMessage;
  }

  get(odin: LegacyTarget, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return odin.fetch(
      new Request('http://localhost/mcp', { headers: { accept: 'text/event-stream', ...this.#headers(), ...headers } }),
    );
  }

  /** The session's own stream, after its priming event. */
  async listen(odin: LegacyTarget): Promise<{ reader: EventReader; primed: string }> {
    const reader = new EventReader(await this.get(odin));
    return { reader, primed: (await reader.next())?.id ?? '' };
  }

  /** Comes back for a stream. */
  resume(odin: LegacyTarget, lastEventId: string): Promise<Response> {
    return this.get(odin, { 'last-event-id': lastEventId });
  }

  delete(odin: LegacyTarget): Promise<Response> {
    return odin.fetch(new Request('http://localhost/mcp', { method: 'DELETE', headers: this.#headers() }));
  }

  #headers(): Record<string, string> {
    return {
      ...(this.sessionId !== undefined && {
        'mcp-session-id': this.sessionId,
        'mcp-protocol-version': this.#options.version ?? '2025-11-25',
      }),
      ...this.#options.headers,
    };
  }
}

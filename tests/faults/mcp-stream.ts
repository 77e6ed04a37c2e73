import { type IncomingMessage, request } from 'node:http';
import { until } from '../real/until.ts';

/** One JSON-RPC message of an answer. */
export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: {
    readonly progress?: number;
    readonly message?: string;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
  readonly result?: { readonly content?: readonly { readonly text?: string }[] };
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly retryable?: boolean };
  };
}

/**
 * How an answer is over. `completed`: with its result. `failed`: with a JSON-RPC error for its own id. `cut`: the connection broke,
 * or the answer was no success. `silent`: ended as if all were well, without a response; that must never happen.
 */
export type Outcome = 'open' | 'completed' | 'failed' | 'cut' | 'silent';

/** One request and what its client sees, message by message, on a connection of its own. */
export class McpStream {
  readonly id: string | number;
  readonly messages: Message[] = [];
  /** `performance.now()` of each message. */
  readonly arrivals: number[] = [];
  /** Status of the answer; 0 while there is none. */
  status = 0;
  /** `performance.now()` of the last message, or of the end. */
  lastAt = 0;
  /** Why it was cut, if the connection broke. */
  problem: string | undefined;
  #over = false;
  #broken = false;
  #rest = '';
  readonly #sent: ReturnType<typeof request>;
  #response: IncomingMessage | undefined;

  constructor(url: string, method: string, options: McpStreamOptions) {
    const { id, params = {}, paused = false } = options;
    this.id = id;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: envelope(id) } });
    const { name } = params as { name?: string };
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION,
      'mcp-method': method,
      ...(name !== undefined && { 'mcp-name': name }),
    };
    this.#sent = request(url, { method: 'POST', agent: false, headers }, (response) => this.#read(response, paused));
    this.#sent.on('error', (error) => this.#fail(error));
    this.#sent.end(body);
  }

  get outcome(): Outcome {
    const response = this.messages.find((message) => message.id === this.id && message.method === undefined);
    if (!this.#over) return 'open';
    if (response) return response.error ? 'failed' : 'completed';
    return this.#broken || this.status !== 200 ? 'cut' : 'silent';
  }

  /** The numbers of its progress notifications, in the order of arrival. */
  get progress(): number[] {
    return this.messages.flatMap(({ params }) => (params?.progress === undefined ? [] : [params.progress]));
  }

  /** The error for its own id, if it has one. */
  get error(): Message['error'] {
    return this.messages.find((message) => message.id === this.id)?.error;
  }

  /** Waits for so many messages, an acknowledgement included. */
  async has(count: number, limitMs = 10_000): Promise<this> {
    await until(() => this.messages.length >= count || this.#over, limitMs);
    return this;
  }

  /** Waits for the end, however it comes. */
  async end(limitMs = 30_000): Promise<this> {
    await until(() => this.#over, limitMs);
    return this;
  }

  /** The client leaves. */
  abort(): void {
    this.#sent.destroy();
  }

  /** Begins to read, after `paused`. */
  resume(): void {
    if (this.#response) this.#consume(this.#response);
  }

  #read(response: IncomingMessage, paused: boolean): void {
    this.status = response.statusCode ?? 0;
    this.#response = response;
    response.setEncoding('utf8');
    response.on('error', (error) => this.#fail(error));
    if (!paused) this.#consume(response);
  }

  #consume(response: IncomingMessage): void {
    const json = response.headers['content-type'] === 'application/json';
    response.on('data', (text: string) => (json ? this.#add(text) : this.#feed(text)));
    response.on('end', () => this.#end(false));
  }

  #feed(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      if (data) this.#add(data.slice('data: '.length));
    }
  }

  #add(json: string): void {
    this.lastAt = performance.now();
    this.messages.push(JSON.parse(json) as Message);
    this.arrivals.push(this.lastAt);
  }

  #fail({ message }: Error): void {
    this.problem ??= message;
    this.#end(true);
  }

  #end(broken: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#broken = broken;
    this.lastAt = performance.now();
  }
}

export interface McpStreamOptions {
  readonly id: string | number;
  readonly params?: object;
  /** Reads nothing of the body until `resume()`. */
  readonly paused?: boolean;
}

const VERSION = '2026-07-28';

function envelope(id: string | number): object {
  return {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'faults', version: '1.0.0' },
    progressToken: id,
  };
}

/** How many ended in which way. */
export function count(streams: readonly McpStream[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of streams) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

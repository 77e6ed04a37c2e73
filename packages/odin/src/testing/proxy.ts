import {
  createInMemoryPublisher,
  type PublishItem,
  parseHoldBody,
  parseHoldHeaders,
  renderVarSubst,
} from '@asgard/grip';
import type { HermodOptions } from '../hermod/options.ts';
import type { JsonObject } from '../protocol/json.ts';
import { META, MODERN_VERSION } from '../protocol/vocabulary.ts';
import type { OdinServer } from '../server.ts';
import { signGrip } from './sign-grip.ts';

/** What came of a request behind the test proxy. */
export interface ProxiedAnswer {
  readonly status: number;
  /** `held`: the proxy has the stream; `json` or `sse`: the server answered by itself. */
  readonly kind: 'json' | 'sse' | 'held';
  /** Every message that the client has so far, whether in the first body or published since. */
  messages(): readonly JsonObject[];
  /** Whether the server has ended the held stream. */
  readonly ended: boolean;
  /** The client goes. */
  leave(): void;
}

export interface ProxiedOptions {
  readonly id?: string | number;
  readonly meta?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GRIP proxy in memory, to see what a server holds and what it publishes. */
export interface TestProxy {
  /** For the server's option `hermod`. */
  readonly hermod: HermodOptions;
  /** Everything that was published, oldest first. */
  readonly published: readonly PublishItem[];
  /** Sends a request as the proxy forwards it, and holds what is to be held. */
  request(odin: OdinServer, method: string, params?: JsonObject, options?: ProxiedOptions): Promise<ProxiedAnswer>;
}

/** Creates a test proxy with a key of its own. */
export function createTestProxy(): TestProxy {
  const publisher = createInMemoryPublisher();
  const key = `${globalThis.crypto.randomUUID()}${globalThis.crypto.randomUUID()}`;
  return {
    hermod: { publisher, keys: [key] },
    published: publisher.published,
    async request(odin, method, params = {}, options = {}) {
      const response = await odin.fetch(toRequest(method, params, { ...options, signature: await signGrip(key) }));
      const body = await response.text();
      const hold = readHold(response, body);
      if (!hold) return answered(response, body);
      const from = publisher.published.length;
      for (const channel of hold.channels) publisher.subscribe(channel);
      const items = (): readonly PublishItem[] =>
        publisher.published.slice(from).filter(({ channel }) => hold.channels.includes(channel));
      const texts = (): string[] =>
        items().map((item) => contentOf(item, hold.filtered.has(item.channel) ? hold.meta : undefined));
      return {
        status: response.status,
        kind: 'held',
        messages: () => messagesIn([hold.body, ...texts()]),
        get ended() {
          return items().some(({ format }) => 'action' in format && format.action === 'close');
        },
        leave: () => {
          for (const channel of hold.channels) publisher.unsubscribe(channel);
        },
      };
    },
  };
}

interface HeldStream {
  readonly channels: readonly string[];
  readonly filtered: ReadonlySet<string>;
  readonly meta: Readonly<Record<string, string>>;
  readonly body: string;
}

function readHold(response: Response, body: string): HeldStream | undefined {
  const instruct = response.headers.get('content-type') === 'application/grip-instruct';
  const parsed = instruct ? parseHoldBody(response.headers, body) : undefined;
  const hold = parsed ? parsed.hold : parseHoldHeaders(response.headers);
  if (!hold) return undefined;
  const filtered = hold.channels.filter(({ filters }) => filters?.includes('var-subst')).map(({ name }) => name);
  return {
    channels: hold.channels.map(({ name }) => name),
    filtered: new Set(filtered),
    meta: hold.meta ?? {},
    body: parsed ? String(parsed.response?.body ?? '') : body,
  };
}

function answered(response: Response, body: string): ProxiedAnswer {
  const kind = response.headers.get('content-type') === 'text/event-stream' ? 'sse' : 'json';
  const messages = kind === 'sse' ? messagesIn([body]) : body === '' ? [] : [JSON.parse(body) as JsonObject];
  return { status: response.status, kind, messages: () => messages, ended: true, leave: () => {} };
}

function toRequest(method: string, params: JsonObject, options: ProxiedOptions & { signature: string }): Request {
  const { id = 1, meta = {}, capabilities = {}, headers = {}, signature } = options;
  const name = params.name ?? params.uri;
  const _meta = { [META.protocolVersion]: MODERN_VERSION, [META.clientCapabilities]: capabilities, ...meta };
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'mcp-protocol-version': MODERN_VERSION,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      'grip-sig': signature,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } }),
  });
}

function contentOf({ format }: PublishItem, meta: Readonly<Record<string, string>> | undefined): string {
  if (format.kind !== 'http-stream' || 'action' in format) return '';
  const content = typeof format.content === 'string' ? format.content : new TextDecoder().decode(format.content);
  return meta ? renderVarSubst(content, meta) : content;
}

function messagesIn(texts: readonly string[]): JsonObject[] {
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)) as JsonObject);
}

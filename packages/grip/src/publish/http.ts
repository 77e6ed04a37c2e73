import { SignJWT } from 'jose';
import { GripError } from '../errors.ts';
import { byteLength, formatBase64, parseBase64, toBytes } from '../wire/bytes.ts';
import type { HttpEndpoint } from '../wire/grip-url.ts';
import { formatItemJson } from '../wire/item.ts';
import type { Publisher } from './publisher.ts';

/** Options of {@link createHttpPublisher}; `parseGripUrl` gives the first five. */
export interface HttpPublisherOptions
  extends Pick<HttpEndpoint, 'controlUrl' | 'issuer' | 'key' | 'user' | 'password'> {
  /** Sends the requests. Node's own keeps connections alive; give one with a pool of its own to bound them. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Items that may wait; more are refused with `queue_full`. @default 10_000 */
  readonly maxQueuedItems?: number;
  /** Items of one request. @default 50 */
  readonly maxBatchItems?: number;
  /** Bytes of one request: Pushpin takes 1,000,000. @default 900_000 */
  readonly maxBatchBytes?: number;
  /** Milliseconds for one request. @default 5_000 */
  readonly timeoutMs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

interface Entry {
  readonly json: string;
  readonly bytes: number;
  resolve(): void;
  reject(error: GripError): void;
}

const TOKEN_SECONDS = 600;

/**
 * Publishes over the HTTP port of a proxy. Items that come while a request is under way go together with the next one, so the order
 * is kept. It cannot tell when a hold is live or gone; prefer XPUB where the port is reachable.
 * @throws {@link GripError} `bad_option`
 */
export function createHttpPublisher(options: HttpPublisherOptions): Publisher {
  const { maxQueuedItems = 10_000, maxBatchBytes = 900_000 } = options;
  const post = createPost(options);
  const queue: Entry[] = [];
  let closed = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue, options);
      try {
        await post(`{"items":[${batch.map(({ json }) => json).join(',')}]}`);
        for (const entry of batch) entry.resolve();
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        for (const entry of batch)
          entry.reject(new GripError('publish_failed', `the proxy did not take it: ${why}`, { cause }));
      }
    }
    running = undefined;
  }

  return {
    async publish(item) {
      if (closed) throw new GripError('publisher_closed', 'the publisher is closed');
      if (queue.length >= maxQueuedItems) {
        throw new GripError('queue_full', `${maxQueuedItems} items wait for the proxy already; publish slower`);
      }
      const json = formatItemJson(item);
      const bytes = byteLength(json);
      if (bytes > maxBatchBytes) {
        throw new GripError('value_too_long', `the item has ${bytes} bytes, over HTTP the limit is ${maxBatchBytes}`, {
          field: 'item',
        });
      }
      const sent = new Promise<void>((resolve, reject) => queue.push({ json, bytes, resolve, reject }));
      running ??= Promise.resolve().then(run);
      await sent;
    },
    async close() {
      closed = true;
      await running;
    },
  };
}

function takeBatch(queue: Entry[], { maxBatchItems = 50, maxBatchBytes = 900_000 }: HttpPublisherOptions): Entry[] {
  let bytes = 0;
  let count = 0;
  for (const entry of queue) {
    bytes += entry.bytes;
    if (count > 0 && (count >= maxBatchItems || bytes > maxBatchBytes)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function createPost(options: HttpPublisherOptions): (body: string) => Promise<void> {
  const { fetch = globalThis.fetch, timeoutMs = 5_000 } = options;
  const url = publishUrl(options.controlUrl);
  const authorize = createAuthorization(options);
  return async (body) => {
    const authorization = await authorize();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status} ${text.slice(0, 200).trim()}`);
  };
}

function publishUrl(controlUrl: string): URL {
  try {
    const url = new URL(controlUrl);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/publish/`;
    return url;
  } catch (cause) {
    throw new GripError('bad_option', '`controlUrl` must be an absolute http URL', { field: 'controlUrl', cause });
  }
}

/** As Fanout's libraries do it: a short JWT for an issuer and its key, the key alone as bearer, or user and password. */
function createAuthorization(options: HttpPublisherOptions): () => Promise<string | undefined> {
  const { issuer, key, user, password, now = Date.now } = options;
  if (issuer !== undefined && key === undefined) {
    throw new GripError('bad_option', '`issuer` needs a `key` to sign with', { field: 'key' });
  }
  if (issuer !== undefined && key !== undefined) {
    const secret = key.startsWith('base64:') ? parseBase64('key', key.slice('base64:'.length)) : toBytes(key);
    return async () => {
      const exp = Math.floor(now() / 1_000) + TOKEN_SECONDS;
      return `Bearer ${await new SignJWT({ iss: issuer, exp }).setProtectedHeader({ alg: 'HS256' }).sign(secret)}`;
    };
  }
  if (key !== undefined) return async () => `Bearer ${key}`;
  if (user === undefined) return async () => undefined;
  return async () => `Basic ${formatBase64(toBytes(`${user}:${password ?? ''}`))}`;
}

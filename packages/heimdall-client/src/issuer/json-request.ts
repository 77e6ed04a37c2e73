import { HeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** Largest document that is read from an issuer, bytes. */
const maxBytes = 524_288;

/** What is sent to the issuer beside the URL. */
export interface JsonRequestInit {
  /** @default 'GET', with a body 'POST' */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or JSON as text with its content type in `headers`. */
  readonly body?: URLSearchParams | string;
}

/** An answer of the issuer, good or bad. */
export interface JsonAnswer {
  readonly status: number;
  /** The body as JSON, when it is JSON. */
  readonly json: unknown;
  readonly location?: string;
}

/** Asks the issuer: bounded in time and size, no redirects. */
export type JsonRequest = (url: string, init?: JsonRequestInit) => Promise<JsonAnswer>;

/** What asking needs. */
export interface JsonRequestOptions {
  readonly fetch: typeof fetch;
  readonly requestTimeoutMs: number;
}

/**
 * Creates a way to ask the issuer where a refusal is an answer too.
 *
 * It throws HeimdallError `unavailable` when the issuer cannot be reached, redirects, is overloaded (429) or broken (5xx).
 */
export function createJsonRequest(options: JsonRequestOptions): JsonRequest {
  return async (url, init = {}) => {
    try {
      const { body, headers } = init;
      const method = init.method ?? (body === undefined ? 'GET' : 'POST');
      const response = await options.fetch(url, {
        ...{ method, redirect: 'manual', signal: AbortSignal.timeout(options.requestTimeoutMs) },
        headers: { accept: 'application/json', ...headers },
        ...(body !== undefined && { body }),
      });
      const { status } = response;
      if (status < 200 || (status >= 300 && status < 400) || status === 429 || status >= 500) {
        await response.body?.cancel();
        throw new Error(`The answer has status ${status}.`);
      }
      const location = response.headers.get('location');
      return { status, json: parse(await readText(response)), ...(location !== null && { location }) };
    } catch (cause) {
      const message = `The issuer gives no answer at ${withoutQuery(url)}.`;
      throw new HeimdallError('unavailable', message, { cause, retryAfterSeconds: 1 });
    }
  };
}

/**
 * The answer's JSON object.
 *
 * @throws HeimdallError `unavailable` when it is none
 */
export function objectOf({ json }: JsonAnswer): JsonObject {
  if (isJsonObject(json)) return json;
  throw new HeimdallError('unavailable', "The issuer's answer is not a JSON object.", { retryAfterSeconds: 1 });
}

/** Reads a body as text, as long as it is not too large. */
export async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`The answer is larger than ${maxBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

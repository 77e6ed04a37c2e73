import { HeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { readText } from './json-request.ts';

/** A form that is sent to the issuer. */
export interface Form {
  readonly body: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gets a JSON object from the issuer, or sends a form and gets one; `undefined` when it says no (a 4xx status). */
export type DocumentReader = (url: string, form?: Form) => Promise<JsonObject | undefined>;

/** What reading needs. */
export interface DocumentReaderOptions {
  readonly fetch: typeof fetch;
  readonly requestTimeoutMs: number;
}

/**
 * Creates a reader of the issuer's documents: bounded in time and size, no redirects, JSON objects only.
 *
 * The reader throws HeimdallError `unavailable` when the issuer cannot be reached or answers nonsense.
 */
export function createDocumentReader(options: DocumentReaderOptions): DocumentReader {
  return async (url, form) => {
    let text: string;
    try {
      const response = await options.fetch(url, {
        headers: { accept: 'application/json', ...form?.headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(options.requestTimeoutMs),
        ...(form && { method: 'POST', body: form.body }),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        if (response.status >= 400 && response.status < 500 && response.status !== 429) return undefined;
        throw new Error(`The answer has status ${response.status}.`);
      }
      text = await readText(response);
    } catch (cause) {
      throw new HeimdallError('unavailable', `The issuer gives no answer at ${url}.`, { cause });
    }
    return parse(text, url);
  };
}

function parse(text: string, url: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new HeimdallError('unavailable', `The issuer's answer at ${url} is not JSON.`, { cause });
  }
  throw new HeimdallError('unavailable', `The issuer's answer at ${url} is not a JSON object.`);
}

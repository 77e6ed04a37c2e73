import { HeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** Largest document that is read from an issuer, bytes. */
const maxBytes = 524_288;

/** Fetches a JSON object from the issuer; `undefined` when there is none at this place (a 4xx status). */
export type DocumentReader = (url: string) => Promise<JsonObject | undefined>;

/** What reading needs. */
export interface DocumentReaderOptions {
  fetch: typeof fetch;
  requestTimeoutMs: number;
}

/**
 * Creates a reader of the issuer's documents: bounded in time and size, no redirects, JSON objects only.
 *
 * The reader throws HeimdallError `unavailable` when the issuer cannot be reached or answers nonsense.
 */
export function createDocumentReader(options: DocumentReaderOptions): DocumentReader {
  return async (url) => {
    let text: string;
    try {
      const response = await options.fetch(url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(options.requestTimeoutMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        if (response.status >= 400 && response.status < 500 && response.status !== 429) return undefined;
        throw new Error(`The answer has status ${response.status}.`);
      }
      text = await readText(response);
    } catch (cause) {
      throw new HeimdallError('unavailable', `The issuer's document ${url} could not be fetched.`, { cause });
    }
    return parse(text, url);
  };
}

function parse(text: string, url: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new HeimdallError('unavailable', `The issuer's document ${url} is not JSON.`, { cause });
  }
  throw new HeimdallError('unavailable', `The issuer's document ${url} is not a JSON object.`);
}

async function readText(response: Response): Promise<string> {
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

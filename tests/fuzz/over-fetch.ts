import type { RawAnswer } from './check.ts';
import type { FuzzRequest } from './request.ts';

/** Answers that did not come within this are failures. Milliseconds. */
const PATIENCE_MS = 10_000;

/** Sends a request through a fetch handler. undefined when it is none that fetch can express. */
export async function sendByFetch(
  fetch: (request: Request) => Promise<Response>,
  request: FuzzRequest,
): Promise<RawAnswer | undefined> {
  const leaving = new AbortController();
  const made = toWebRequest(request, leaving.signal);
  if (!made) return undefined;
  const deadline = setTimeout(() => leaving.abort(), PATIENCE_MS);
  try {
    const response = await fetch(made);
    if (leaving.signal.aborted) throw new Error(`no answer in ${PATIENCE_MS} ms`);
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? undefined,
      text: await readText(response),
    };
  } finally {
    clearTimeout(deadline);
  }
}

function toWebRequest({ method, path, headers, body }: FuzzRequest, signal: AbortSignal): Request | undefined {
  try {
    const withBody = method !== 'GET' && method !== 'HEAD';
    return new Request(`http://localhost${path}`, {
      method,
      headers: { ...headers },
      signal,
      ...(withBody && { body: new Uint8Array(body) }),
    });
  } catch {
    return undefined;
  }
}

/** A subscription has no end; it is left after its acknowledgement. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.includes('/acknowledged"') && text.endsWith('\n\n')) {
      await reader.cancel();
      break;
    }
  }
  return text;
}

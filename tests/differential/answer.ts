/** An answer without what may differ between servers that say the same: framing, key order, generated references. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON-RPC messages in order, or the text of a body that is none. */
  readonly messages: readonly unknown[];
}

/** Headers that tell a client what to do. The content type only tells whether there is a body: framing is free. */
const HEADERS_THAT_MATTER = ['allow', 'www-authenticate', 'mcp-session-id', 'retry-after', 'location'] as const;

/** Reads an answer to its end, or to its first message when it has no end. */
export async function readAnswer(response: Response, endless = false): Promise<Answer> {
  const type = response.headers.get('content-type')?.split(';', 1)[0];
  const text = endless ? await firstBlock(response) : await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(
      HEADERS_THAT_MATTER.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value.replaceAll(', ', ',')]];
      }),
    ),
    messages: parse(text, type),
  };
}

function parse(text: string, type: string | undefined): unknown[] {
  if (text === '') return [];
  if (type === 'application/json') return [sorted(JSON.parse(text))];
  if (type !== 'text/event-stream') return [`${type ?? 'no content type'}: ${text}`];
  return text
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line.startsWith('data: ')))
    .filter((lines) => lines.length > 0)
    .map((lines) => sorted(JSON.parse(lines.map((line) => line.slice(6)).join('\n'))));
}

async function firstBlock(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader && !/^data: .*\n\n/m.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

import type { RawAnswer } from './check.ts';

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the body begins. */
  readonly end: number;
}

/**
 * The HTTP/1.1 answers on a connection that has ended. An event stream may be cut, since the client left it open.
 *
 * @throws Error for bytes that are no HTTP
 */
export function parseAnswers(bytes: Buffer, headOnly: boolean): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = parseHead(bytes, at);
    const interim = head.status < 200;
    const body = headOnly || interim ? { text: '', end: head.end } : parseBody(bytes, head);
    if (!interim)
      answers.push({ status: head.status, type: head.headers.get('content-type'), text: headOnly ? '' : body.text });
    at = body.end;
  }
  return answers;
}

function parseHead(bytes: Buffer, at: number): Head {
  const end = bytes.indexOf('\r\n\r\n', at);
  const lines = bytes.toString('latin1', at, end < 0 ? bytes.length : end).split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(`${lines[0]} `)?.[1];
  if (end < 0 || status === undefined) throw new Error(`no HTTP: ${JSON.stringify(lines[0])}`);
  const headers = lines.slice(1).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers: new Map(headers), end: end + 4 };
}

function parseBody(bytes: Buffer, { headers, end }: Head): { text: string; end: number } {
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunks = parseChunks(bytes, end);
    const text = chunks.whole ? chunks.text : wholeEvents(chunks.text);
    if (!chunks.whole && headers.get('content-type') !== 'text/event-stream') throw new Error('a body that is cut');
    return { text, end: chunks.end };
  }
  const length = headers.get('content-length');
  const until = length === undefined ? bytes.length : end + Number(length);
  if (until > bytes.length) throw new Error('a body shorter than its content-length');
  return { text: bytes.toString('utf8', end, until), end: until };
}

function parseChunks(bytes: Buffer, start: number): { text: string; end: number; whole: boolean } {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const line = bytes.indexOf('\r\n', at);
    const size = line < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, line), 16);
    const text = (): string => Buffer.concat(parts).toString('utf8');
    if (size === 0) return { text: text(), end: line + 4, whole: true };
    if (Number.isNaN(size) || line + 2 + size > bytes.length) return { text: text(), end: bytes.length, whole: false };
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
}

function wholeEvents(text: string): string {
  return text.slice(0, text.lastIndexOf('\n\n') + 2);
}

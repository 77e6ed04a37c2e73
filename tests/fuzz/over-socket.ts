import { connect, type Socket } from 'node:net';
import type { RawAnswer } from './check.ts';
import { parseAnswers } from './http-answers.ts';
import type { Random } from './random.ts';
import type { FuzzRequest } from './request.ts';

/** How long a connection may stay silent before the client hangs up. Milliseconds. */
const SILENCE_MS = 60;

/** Bytes to write one after the other, and what to do after the last. */
interface Script {
  readonly chunks: readonly (Uint8Array | string)[];
  readonly pauseMs: number;
  readonly end: 'wait' | 'half-close' | 'destroy';
}

type Framing = (request: FuzzRequest, random: Random) => Script;

const whole = (head: string, body: Uint8Array): Script => ({ chunks: [head, body], pauseMs: 0, end: 'wait' });

/** Ways to put a request on the wire, right and wrong. */
const FRAMINGS: Readonly<Record<string, Framing>> = {
  plain: (request) => whole(headOf(request, request.body.length), request.body),
  halfClosed: (request) => ({ ...whole(headOf(request, request.body.length), request.body), end: 'half-close' }),
  slow: (request, random) => ({
    chunks: [headOf(request, request.body.length), ...cut(request.body, 2 + random.below(4))],
    pauseMs: 3,
    end: 'wait',
  }),
  aborted: (request, random) => ({
    chunks: [headOf(request, request.body.length + 1), request.body.subarray(0, random.below(request.body.length + 1))],
    pauseMs: random.below(2),
    end: 'destroy',
  }),
  leftAtOnce: (request) => ({ ...whole(headOf(request, request.body.length), request.body), end: 'destroy' }),
  tooLong: (request) => whole(headOf(request, request.body.length + 10), request.body),
  tooShort: (request) => whole(headOf(request, Math.max(0, request.body.length - 5)), request.body),
  twoLengths: (request) => whole(headOf(request, request.body.length, ['content-length: 3']), request.body),
  badLength: (request, random) =>
    whole(headOf(request, random.pick(['-1', '1e3', '0x10', '99999999999999999999', ''])), request.body),
  chunked: (request, random) => ({
    chunks: [
      chunkedHead(request),
      ...cut(request.body, 3).map((part) => chunkOf(part)),
      random.chance(0.7) ? '0\r\n\r\n' : '',
    ],
    pauseMs: 0,
    end: 'wait',
  }),
  badChunk: (request, random) =>
    whole(
      chunkedHead(request),
      Buffer.concat([Buffer.from(random.pick(['zz\r\n', '-5\r\n', 'fffffffff\r\n', '5'])), request.body]),
    ),
  chunkedWithLength: (request) =>
    whole(headOf(request, request.body.length, ['transfer-encoding: chunked']), chunkOf(request.body)),
  pipelined: (request) => {
    const one = Buffer.concat([Buffer.from(headOf(request, request.body.length), 'latin1'), request.body]);
    return { chunks: [one, one, one], pauseMs: 0, end: 'wait' };
  },
  hugeHeader: (request) => whole(headOf(request, request.body.length, [`x-huge: ${'h'.repeat(70_000)}`]), request.body),
  strangeHeader: (request, random) =>
    whole(
      headOf(request, request.body.length, [
        random.pick(['no colon', ': no name', 'a b: c', 'x: \u0000', ' folded: 1', 'x: a\rb']),
      ]),
      request.body,
    ),
  strangeLine: (request, random) => ({
    chunks: [
      random.pick([
        'POST /mcp HTTP/9.9\r\n\r\n',
        'PO ST /mcp HTTP/1.1\r\n\r\n',
        '\r\n\r\n',
        '\u0016\u0003\u0001',
        'GET\r\n',
        'POST http://[ HTTP/1.1\r\nhost: x\r\n\r\n',
      ]),
    ],
    pauseMs: 0,
    end: request.body.length % 2 ? 'wait' : 'half-close',
  }),
  noHost: (request) =>
    whole(headOf({ ...request, headers: {} }, request.body.length).replace(/host: .*\r\n/, ''), request.body),
  expectContinue: (request) => whole(headOf(request, request.body.length, ['expect: 100-continue']), request.body),
  upgrade: (request) =>
    whole(headOf(request, request.body.length, ['connection: upgrade', 'upgrade: websocket']), request.body),
};

const NAMES = Object.keys(FRAMINGS);

/** Sends a request over a socket of its own. @returns what came back, message by message */
export async function sendBySocket(port: number, request: FuzzRequest, random: Random): Promise<readonly RawAnswer[]> {
  const framing = FRAMINGS[random.pick(NAMES)];
  if (!framing) return [];
  const script = framing(request, random);
  const received = await exchange(port, script);
  return script.end === 'destroy' ? [] : parseAnswers(received, request.method === 'HEAD');
}

function exchange(port: number, { chunks, pauseMs, end }: Script): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const received: Buffer[] = [];
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('data', (data) => received.push(data));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(received)));
    socket.on('connect', () => void play(socket, { chunks, pauseMs, end }));
  });
}

async function play(socket: Socket, { chunks, pauseMs, end }: Script): Promise<void> {
  for (const chunk of chunks) {
    if (socket.destroyed) return;
    if (chunk.length > 0) socket.write(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (end === 'half-close') socket.end();
  if (end === 'destroy') socket.destroy();
}

/** The head, with every header as it is, also where HTTP does not allow it. */
function headOf({ method, path, headers }: FuzzRequest, length: number | string, more: readonly string[] = []): string {
  const own = Object.entries({ host: 'localhost', ...headers }).filter(([name]) => name !== 'content-length');
  const lines = [
    ...own.map(([name, value]) => `${name}: ${value}`),
    ...(length === '' ? [] : [`content-length: ${length}`]),
  ];
  return [`${method} ${path} HTTP/1.1`, ...lines, ...more, '', ''].join('\r\n');
}

function chunkedHead(request: FuzzRequest): string {
  return headOf(request, '', ['transfer-encoding: chunked']);
}

function chunkOf(part: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
}

function cut(bytes: Uint8Array, parts: number): Uint8Array[] {
  const size = Math.ceil(bytes.length / parts) || 1;
  return Array.from({ length: parts }, (_, part) => bytes.subarray(part * size, (part + 1) * size)).filter(
    (part) => part.length > 0,
  );
}

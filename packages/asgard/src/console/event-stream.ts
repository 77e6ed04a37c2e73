import type { IncomingMessage, ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './assets.ts';

/** A reader that is so far behind is cut off; the page comes back and gets the state as it is then. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;

export interface EventStream {
  send(value: unknown): void;
  end(): void;
  /** Aborts when the page has gone. */
  readonly gone: AbortSignal;
}

/** Answers with Server-Sent Events, one JSON text each. */
export function openEventStream(request: IncomingMessage, response: ServerResponse): EventStream {
  const gone = new AbortController();
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  request.socket.setNoDelay(true);
  const timer = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
  response.once('close', () => {
    clearInterval(timer);
    gone.abort();
  });
  return {
    send(value) {
      if (response.writableEnded || response.destroyed) return;
      response.write(`data: ${JSON.stringify(value)}\n\n`);
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    },
    end: () => void response.end(),
    gone: gone.signal,
  };
}

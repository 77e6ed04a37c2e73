import type { ServerResponse } from 'node:http';
import type { HttpHeaders, HttpResponder, HttpStream } from '../http/message.ts';

/** Writes answers to a node:http response: one `end` with a length, or a stream with back-pressure. */
export class NodeResponder implements HttpResponder {
  #response: ServerResponse | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(status: number, headers: HttpHeaders, body = ''): void {
    const response = this.#response;
    if (!response || response.headersSent) return void response?.destroy();
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  }

  stream(status: number, headers: HttpHeaders): HttpStream {
    const response = this.#response;
    if (!response) throw new Error('the answer has been sent already');
    response.writeHead(status, headers);
    response.flushHeaders();
    let drained: Promise<void> | undefined;
    return {
      write: (chunk) => {
        if (response.destroyed || response.write(chunk)) return;
        drained ??= untilDrained(response, () => {
          drained = undefined;
        });
        return drained;
      },
      end: () => void response.end(),
    };
  }

  async sent(): Promise<void> {
    const response = this.#response;
    this.#response = undefined;
    if (!response || response.writableFinished || response.destroyed) return;
    await new Promise<void>((resolve) => {
      response.once('finish', resolve);
      response.once('close', resolve);
    });
  }
}

/** One wait for all who write. */
function untilDrained(response: ServerResponse, over: () => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      over();
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

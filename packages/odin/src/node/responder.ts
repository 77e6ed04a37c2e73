import type { ServerResponse } from 'node:http';
import type { HttpHeaders, HttpResponder, HttpStream } from '../http/message.ts';

/** Writes answers to a node:http response: one `end` with a length, or a stream with back-pressure. */
export class NodeResponder implements HttpResponder {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(status: number, headers: HttpHeaders, body = ''): void {
    if (this.#response.headersSent) return void this.#response.destroy();
    this.#response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    this.#response.end(body);
  }

  stream(status: number, headers: HttpHeaders): HttpStream {
    const response = this.#response;
    response.writeHead(status, headers);
    response.flushHeaders();
    return {
      write: (chunk) => (response.destroyed || response.write(chunk) ? undefined : untilDrained(response)),
      end: () => void response.end(),
    };
  }

  sent(): Promise<void> {
    if (this.#response.writableFinished || this.#response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#response.once('finish', resolve);
      this.#response.once('close', resolve);
    });
  }
}

function untilDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

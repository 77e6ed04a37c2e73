import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { BodyTooLarge, BodyUnreadable, type HttpRequest, type Peer } from '../http/message.ts';

/** The neutral view of a node:http request. No web Request is made on this path. */
export class NodeRequest implements HttpRequest {
  #message: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  readonly path: string;
  readonly query: string;

  constructor(message: IncomingMessage, response: ServerResponse) {
    this.#message = message;
    this.#response = response;
    const target = message.url ?? '/';
    const mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? '' : target.slice(mark + 1);
  }

  get method(): string {
    return this.#message?.method ?? 'GET';
  }

  get peer(): Peer | undefined {
    const socket = this.#message?.socket;
    if (!socket) return undefined;
    const { remoteAddress: address } = socket;
    const subject = isVerified(socket) ? socket.getPeerX509Certificate()?.subject : undefined;
    return {
      ...(address !== undefined && { address }),
      // One part a line; commas within them are escaped.
      ...(subject && { certificateSubject: subject.split('\n').join(',') }),
    };
  }

  header(name: string): string | undefined {
    if (name === 'authorization' || name === 'host') return this.#single(name);
    const value = this.#message?.headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  }

  readBody(maxBytes: number): Promise<string> {
    const message = this.#message;
    return new Promise((resolve, reject) => {
      if (!message) return reject(new BodyUnreadable());
      if (Number(message.headers['content-length'] ?? 0) > maxBytes) return reject(new BodyTooLarge());
      const chunks: Buffer[] = [];
      let size = 0;
      message.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxBytes) return void chunks.push(chunk);
        chunks.length = 0;
        message.pause();
        reject(new BodyTooLarge());
      });
      message.on('end', () => resolve(textOf(chunks)));
      // Also comes when the client leaves in mid-body; without a listener for errors, Node raises none then.
      message.on('close', () => {
        if (!message.complete) reject(new BodyUnreadable());
      });
    });
  }

  onDisconnect(listener: () => void): void {
    const response = this.#response;
    response?.once('close', () => {
      if (!response.writableFinished) listener();
    });
  }

  release(): void {
    this.#message = undefined;
    this.#response = undefined;
  }

  /** Node keeps the first of several Authorization or Host headers; two of them are one too many, so all are shown. */
  #single(name: 'authorization' | 'host'): string | undefined {
    const message = this.#message;
    // By their names, which the engine finds faster than a name that it is given.
    const first = name === 'host' ? message?.headers.host : message?.headers.authorization;
    if (!message || first === undefined) return undefined;
    return countNamed(message.rawHeaders, name) > 1 ? valuesOf(message.rawHeaders, name).join(', ') : first;
  }
}

/** On the way of every request: makes nothing. */
function countNamed(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (isNamed(rawHeaders[at], name)) count += 1;
  return count;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && isNamed(rawHeaders[at - 1], name));
}

function isNamed(raw: string | undefined, name: string): boolean {
  return raw?.length === name.length && (raw === name || raw.toLowerCase() === name);
}

/** Whether the client's certificate was asked for and found good. */
function isVerified(socket: Socket | TLSSocket): socket is TLSSocket {
  return 'authorized' in socket && socket.authorized;
}

function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return only && chunks.length === 1 ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8');
}

import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

/** As much of a ServerResponse as holds use; `full` plays a client that does not read. */
export class FakeResponse extends EventEmitter {
  head: { status: number; reason: string; headers: string[] } | undefined;
  body = '';
  ended = false;
  full = false;

  get headersSent(): boolean {
    return this.head !== undefined;
  }

  get writableNeedDrain(): boolean {
    return this.full;
  }

  writeHead(status: number, reason: string, headers: string[]): void {
    this.head = { status, reason, headers };
  }

  flushHeaders(): void {}

  write(chunk: Uint8Array): boolean {
    if (this.ended) throw new Error('written after the end');
    this.body += Buffer.from(chunk).toString();
    return !this.full;
  }

  end(chunk?: Uint8Array): void {
    if (chunk) this.write(chunk);
    this.ended = true;
  }

  drain(): void {
    this.full = false;
    this.emit('drain');
  }

  asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

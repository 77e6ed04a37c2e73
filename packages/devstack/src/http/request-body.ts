import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';

/** The body is larger than the cap. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Whether a request says that it brings a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || declaredLength(headers['content-length']) > 0;
}

/** Whether the size that a request declares is over a cap. */
export function isDeclaredOver({ headers }: IncomingMessage, maxBytes: number): boolean {
  return declaredLength(headers['content-length']) > maxBytes;
}

/** Passes a body of unknown length on and fails with {@link BodyTooLarge} at the first byte over the cap. */
export function createBodyCap(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new BodyTooLarge(`The body is larger than ${maxBytes} bytes.`));
      else done(null, chunk);
    },
  });
}

/** The whole body. @throws BodyTooLarge over the cap; whatever the connection fails with */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLarge(`The body is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Bytes that a Content-Length announces. */
export function declaredLength(value: string | undefined): number {
  return value === undefined ? 0 : Number(value);
}

/** Passes a body on and counts it. */
export interface BodyMeter {
  readonly stream: Transform;
  bytes(): number;
}

export function createBodyMeter(): BodyMeter {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

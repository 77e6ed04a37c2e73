import type { IncomingMessage } from 'node:http';
import { isRecord } from './message.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The JSON object in a request; undefined when there is none or it is too large. */
export async function readJsonObject(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

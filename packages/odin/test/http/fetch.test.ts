import { describe, expect, it } from 'vitest';
import { serveFetch } from '../../src/http/fetch.ts';
import type { HttpStream } from '../../src/http/message.ts';

const LARGE = 'x'.repeat(70_000);

async function openStream(): Promise<{ stream: HttpStream; body: ReadableStream<Uint8Array> }> {
  let stream: HttpStream | undefined;
  const response = await serveFetch(new Request('http://localhost/mcp'), async (_, responder) => {
    stream = responder.stream(200, { 'content-type': 'text/event-stream' });
  });
  if (!stream || !response.body) throw new Error('no stream');
  return { stream, body: response.body };
}

describe('a stream of serveFetch', () => {
  it('makes a writer wait for its reader', async () => {
    const { stream, body } = await openStream();
    let written = false;
    const write = Promise.resolve(stream.write(LARGE)).then(() => {
      written = true;
    });
    await Promise.resolve();
    expect(written).toBe(false);
    await body.getReader().read();
    await write;
  });

  it('lets every writer go on when the reader has caught up', async () => {
    const { stream, body } = await openStream();
    const writes = [stream.write(LARGE), stream.write(': keep-alive\n\n')];
    const reader = body.getReader();
    await reader.read();
    await reader.read();
    expect(await Promise.all(writes)).toHaveLength(2);
  });

  it('lets every writer go on when the reader leaves', async () => {
    const { stream, body } = await openStream();
    const writes = [stream.write(LARGE), stream.write('more')];
    await body.cancel();
    expect(await Promise.all(writes)).toHaveLength(2);
    expect(stream.write('too late')).toBeUndefined();
    stream.end();
  });
});

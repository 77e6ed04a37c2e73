import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockStream } from '../../src/index.ts';

const encode = new TextEncoder();

async function cut(chunks: readonly Uint8Array[], options = {}): Promise<string[]> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const blocks: string[] = [];
  for await (const block of source.pipeThrough(createBlockStream(options))) blocks.push(block);
  return blocks;
}

function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('createBlockStream', () => {
  it('cuts at empty lines, with every kind of line end', async () => {
    expect(await cut([encode.encode('data: 1\n\ndata: 2\r\n\r\ndata: 3\r\rrest')])).toEqual([
      'data: 1\n\n',
      'data: 2\r\n\r\n',
      'data: 3\r\r',
      'rest',
    ]);
  });

  it('gives an event as soon as it is whole', async () => {
    const blocks = createBlockStream();
    const writer = blocks.writable.getWriter();
    const reader = blocks.readable.getReader();
    for (const text of ['data: 1\n\n', 'data: 2\r\n\r\n', 'data: 3\r\r']) {
      void writer.write(encode.encode(text));
      expect((await reader.read()).value).toBe(text);
    }
  });

  it('keeps every byte in its order, wherever chunks are cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('data: ', 'x', '\n', '\r', '\r\n', '\n\n', 'é', '😀', '\ufeff') });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 30 }), async (whole, sizes) => {
        const blocks = await cut(split(encode.encode(whole), sizes));
        expect(blocks.join('')).toBe(whole);
        for (const block of blocks.slice(0, -1)) expect(block).toMatch(/(?:\r\n|\n|\r)(?:\r\n|\n|\r)$/);
      }),
    );
  });

  it('refuses an event over the limit, also one that never ends', async () => {
    const long = encode.encode(`data: ${'x'.repeat(50)}`);
    await expect(cut([long], { maxBlockLength: 40 })).rejects.toMatchObject({ code: 'block_too_large' });
    await expect(cut([long, encode.encode('\n\n')], { maxBlockLength: 40 })).rejects.toMatchObject({
      code: 'block_too_large',
    });
  });
});

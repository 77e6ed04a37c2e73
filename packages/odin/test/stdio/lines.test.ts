import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/stdio/lines.ts';

async function linesOf(chunks: readonly (string | Uint8Array)[], limit = 10): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), limit)) lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('joins what came in parts, also within a character', async () => {
    const bytes = Buffer.from('é\nab');
    expect(await linesOf(['a', 'b\nc\n', bytes.subarray(0, 1), bytes.subarray(1)])).toEqual(['ab', 'c', 'é', 'ab']);
  });

  it('ends before a line that is too long, whether or not its end has come', async () => {
    expect(await linesOf(['a\n', 'x'.repeat(11), '\nb\n'])).toEqual(['a']);
    expect(await linesOf([`a\n${'x'.repeat(11)}\nb\n`])).toEqual(['a']);
    expect(await linesOf([`${'x'.repeat(10)}\n`])).toEqual(['x'.repeat(10)]);
  });
});

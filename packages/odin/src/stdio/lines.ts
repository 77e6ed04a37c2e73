import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Lines of a stream, without their ends. Ends at a line that is longer than the limit, in characters, before it is kept. */
export async function* readLines(input: Readable, limit: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer))).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.length > limit) return;
      yield line;
    }
    if (rest.length > limit) return;
  }
  if (rest !== '') yield rest;
}

import { GripError } from '../errors.ts';

/** Options of {@link createBlockStream}. */
export interface BlockStreamOptions {
  /** Longest block, in characters. @default 1_048_576 */
  readonly maxBlockLength?: number;
}

/**
 * Cuts a byte stream of server-sent events into whole blocks: each ends with the empty line that ends an event.
 * Never cuts an event or a UTF-8 character. What follows the last empty line comes out, as it is, when the stream ends.
 * A block longer than the limit errors the stream with a {@link GripError} `block_too_large`.
 */
export function createBlockStream({
  maxBlockLength = 1_048_576,
}: BlockStreamOptions = {}): TransformStream<Uint8Array, string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const cutter = createBlockCutter(maxBlockLength);
  return new TransformStream({
    transform(bytes, controller) {
      for (const block of cutter.push(decoder.decode(bytes, { stream: true }))) controller.enqueue(block);
    },
    flush(controller) {
      for (const block of cutter.push(decoder.decode())) controller.enqueue(block);
      const rest = cutter.rest();
      if (rest !== '') controller.enqueue(rest);
    },
  });
}

/** Keeps the text of an unfinished block between chunks. */
interface BlockCutter {
  push(text: string): string[];
  rest(): string;
}

// A line ends with CRLF, LF or CR; an empty line is two ends in a row. When a chunk ends within the last CRLF, the LF starts
// the next block: the bytes stay the same and readers see the same lines.
const BLOCK_END = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))/g;

function createBlockCutter(maxBlockLength: number): BlockCutter {
  let pending = '';
  return {
    push(text) {
      const from = Math.max(0, pending.length - 3);
      pending += text;
      const blocks: string[] = [];
      let start = 0;
      BLOCK_END.lastIndex = from;
      for (let match = BLOCK_END.exec(pending); match; match = BLOCK_END.exec(pending)) {
        blocks.push(pending.slice(start, BLOCK_END.lastIndex));
        start = BLOCK_END.lastIndex;
      }
      pending = pending.slice(start);
      for (const block of [...blocks, pending]) {
        if (block.length > maxBlockLength) {
          throw new GripError('block_too_large', `an event has more than ${maxBlockLength} characters`, {
            field: 'maxBlockLength',
          });
        }
      }
      return blocks;
    },
    rest: () => pending,
  };
}

import { GripError } from '../errors.ts';
import { byteLength } from '../wire/bytes.ts';

/** Blocks that go out as one item. */
export interface Batch {
  readonly content: string;
  readonly bytes: number;
  /** Tells the writers that their blocks are published, or why they are not. */
  settle(error?: GripError): void;
}

interface Entry {
  readonly block: string;
  readonly bytes: number;
  resolve(): void;
  reject(error: GripError): void;
}

/** Joined blocks of one item; larger blocks go alone. */
const MAX_BATCH_BYTES = 65_536;

/** Blocks of one hold that wait to be published, with a hard limit on their bytes. */
export class BlockQueue {
  readonly #maxBytes: number;
  #entries: Entry[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get empty(): boolean {
    return this.#entries.length === 0;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds a block; resolves when its batch is settled without an error.
   * @param reserve lets the last block of a stream in, however full the queue is.
   * @throws {@link GripError} `queue_full`, synchronously.
   */
  add(block: string, reserve = false): Promise<void> {
    const bytes = byteLength(block);
    if (!reserve && this.#bytes + bytes > this.#maxBytes) {
      throw new GripError(
        'queue_full',
        `more than ${this.#maxBytes} bytes wait for this stream; await write() to slow down`,
        {
          field: 'maxBytesPerHold',
        },
      );
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#entries.push({ block, bytes, resolve, reject });
    });
  }

  /** Takes the oldest blocks, joined. `undefined` when nothing waits. */
  take(): Batch | undefined {
    let count = 0;
    let bytes = 0;
    for (const entry of this.#entries) {
      if (count > 0 && bytes + entry.bytes > MAX_BATCH_BYTES) break;
      count += 1;
      bytes += entry.bytes;
    }
    if (count === 0) return undefined;
    const entries = this.#entries.slice(0, count);
    this.#entries = this.#entries.slice(count);
    this.#bytes -= bytes;
    return {
      content: entries.map(({ block }) => block).join(''),
      bytes,
      settle: (error) => {
        for (const entry of entries) error ? entry.reject(error) : entry.resolve();
      },
    };
  }

  /** Refuses everything that waits. */
  clear(error: GripError): void {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    for (const entry of entries) entry.reject(error);
  }
}

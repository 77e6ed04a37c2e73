import { byteLength } from '../wire/bytes.ts';

interface Entry {
  readonly content: string;
  readonly bytes: number;
}

/** The items of one hold that the proxy may still ask for, numbered from 1. */
export class ItemLog {
  #entries: Entry[] = [];
  #first = 1;
  #bytes = 0;

  /** Number of the newest item; 0 when there was none. */
  get last(): number {
    return this.#first + this.#entries.length - 1;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an item and gives its number. */
  append(content: string): number {
    const bytes = byteLength(content);
    this.#entries.push({ content, bytes });
    this.#bytes += bytes;
    return this.last;
  }

  /** Forgets the oldest items beyond so many bytes. */
  shrink(maxBytes: number): void {
    while (this.#bytes > maxBytes && this.#entries.length > 0) this.#shift();
  }

  /** Everything after an item, joined; `undefined` when that is forgotten, or the number is from elsewhere. */
  since(id: number): string | undefined {
    if (!Number.isSafeInteger(id) || id < this.#first - 1 || id > this.last) return undefined;
    return this.#entries
      .slice(id + 1 - this.#first)
      .map(({ content }) => content)
      .join('');
  }

  /** Forgets what the client has. */
  trim(id: number): void {
    while (this.#entries.length > 0 && this.#first <= id) this.#shift();
  }

  #shift(): void {
    this.#bytes -= this.#entries.shift()?.bytes ?? 0;
    this.#first += 1;
  }
}

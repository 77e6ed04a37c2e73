import { ToolError } from '../errors.ts';
import type { Sink } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import { Pause } from '../protocol/pause.ts';

type Ask = (method: string, params: JsonObject) => Promise<JsonObject>;

/** What one exchange says on a pipe before its response, and nothing after it. */
export class PipeSink implements Sink {
  readonly #write: (json: string) => Promise<void> | void;
  readonly #ask: Ask;
  readonly #pause = new Pause();
  #done = false;

  constructor(write: (json: string) => Promise<void> | void, ask: Ask) {
    this.#write = write;
    this.#ask = ask;
  }

  send(json: string): Promise<void> | void {
    if (this.#done) return;
    this.#pause.spoke();
    return this.#write(json);
  }

  ask(method: string, params: JsonObject): Promise<JsonObject> {
    if (this.#done) return Promise.reject(new ToolError('The call has ended, so nothing can be asked.'));
    return this.#ask(method, params);
  }

  /** Resolves when the response may follow. */
  finish(): Promise<void> | undefined {
    this.#done = true;
    return this.#pause.wait();
  }
}

import { ToolError } from '../errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

interface Waiting {
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: Error) => void;
}

/** Requests of the server to one client, in eras that have them, each waiting for its response. */
export class Questions {
  readonly #send: (json: string) => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #prefix: string;
  #asked = 0;

  /** @param prefix first part of the request ids, for whoever has to route the responses */
  constructor(send: (json: string) => void, prefix = 'odin') {
    this.#send = send;
    this.#prefix = prefix;
  }

  /** @throws ToolError when the client answers with an error; the signal's reason when it aborts first */
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.#asked += 1;
    const id = `${this.#prefix}-${this.#asked}`;
    return new Promise<JsonObject>((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(id);
        signal.removeEventListener('abort', aborted);
      };
      const aborted = (): void => {
        settle();
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.set(id, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** A response from the client. One that nobody waits for is dropped. */
  answered(response: JsonObject): void {
    const waiting = typeof response.id === 'string' ? this.#waiting.get(response.id) : undefined;
    if (!waiting) return;
    if (isJsonObject(response.result)) return waiting.resolve(response.result);
    const message = isJsonObject(response.error) ? response.error.message : undefined;
    waiting.reject(new ToolError(`The client refused: ${typeof message === 'string' ? message : 'no reason given'}`));
  }
}

import { ToolError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { formatNotification } from '../protocol/notifications.ts';

/** One request to a client that waits for its response. */
interface Ask {
  readonly sid: string;
  settle(outcome: { readonly result: JsonObject } | { readonly error: Error }): void;
}

export interface AskOptions {
  readonly sid: string;
  readonly method: string;
  readonly params: JsonObject;
  /** Aborts when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Sends one message to the client. */
  readonly send: (json: string) => Promise<void>;
}

/** Requests that may wait at a time. */
const MAX_WAITING = 10_000;
/** How long a user may think. */
const PATIENCE_MS = 600_000;

/**
 * Requests of this process to its clients in mid-call. Their ids say which process waits, so that whichever replica
 * gets the response knows where to send it.
 */
export class Asks {
  readonly #epoch: string;
  readonly #waiting = new Map<string, Ask>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** @throws ToolError when the client refuses or does not answer; the signal's reason when it aborts first */
  async ask({ sid, method, params, signal, send }: AskOptions): Promise<JsonObject> {
    signal.throwIfAborted();
    if (this.#waiting.size >= MAX_WAITING) throw new ToolError('Too many questions wait for an answer already.');
    const id = `${this.#epoch}.${globalThis.crypto.randomUUID()}`;
    const answer = this.#wait(id, sid, signal);
    try {
      await send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    } catch (thrown) {
      this.#waiting.get(id)?.settle({ error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
    }
    try {
      return await answer;
    } catch (thrown) {
      const unanswered = signal.aborted || thrown instanceof Unanswered;
      if (unanswered) await send(formatNotification('notifications/cancelled', { requestId: id })).catch(() => {});
      throw thrown;
    }
  }

  /** A response from a client. One that nobody waits for, or of another session than was asked, is dropped. */
  answered(sid: string, response: JsonObject): void {
    const ask = typeof response.id === 'string' ? this.#waiting.get(response.id) : undefined;
    if (!ask || ask.sid !== sid) return;
    if (isJsonObject(response.result)) return ask.settle({ result: response.result });
    const message = isJsonObject(response.error) ? response.error.message : undefined;
    ask.settle({
      error: new ToolError(`The client refused: ${typeof message === 'string' ? message : 'no reason given'}`),
    });
  }

  /** Responses were lost: who waits may wait for one of them. */
  abandon(): void {
    for (const ask of [...this.#waiting.values()]) ask.settle({ error: new Unanswered() });
  }

  #wait(id: string, sid: string, signal: AbortSignal): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const settle: Ask['settle'] = (outcome) => {
        this.#waiting.delete(id);
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      };
      const aborted = (): void => settle({ error: signal.reason as Error });
      const timer = setTimeout(() => settle({ error: new Unanswered() }), PATIENCE_MS);
      (timer as { unref?: () => void }).unref?.();
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.set(id, { sid, settle });
    });
  }
}

class Unanswered extends ToolError {
  constructor() {
    super('The client did not answer in time.');
  }
}

/** The process that waits for a response with that id; undefined when it is not one of ours. */
export function epochOf(id: unknown): string | undefined {
  return typeof id === 'string' ? /^([a-z0-9]{1,64})\.[0-9a-f-]{36}$/.exec(id)?.[1] : undefined;
}

import type { RequestId } from '../protocol/answer.ts';
import type { Cancellation } from '../protocol/cancellation.ts';

/** The calls that this process runs, by session and request id. */
export class Calls {
  readonly #sessions = new Map<string, Map<RequestId, Cancellation>>();

  /** False when that id is in use: two answers could not be told apart. */
  add(sid: string, id: RequestId, cancellation: Cancellation): boolean {
    const calls = this.#sessions.get(sid) ?? new Map<RequestId, Cancellation>();
    if (calls.has(id)) return false;
    this.#sessions.set(sid, calls.set(id, cancellation));
    return true;
  }

  remove(sid: string, id: RequestId): void {
    const calls = this.#sessions.get(sid);
    calls?.delete(id);
    if (calls?.size === 0) this.#sessions.delete(sid);
  }

  has(sid: string, id: RequestId): boolean {
    return this.#sessions.get(sid)?.has(id) ?? false;
  }

  cancel(sid: string, id: RequestId, reason: string): void {
    this.#sessions.get(sid)?.get(id)?.leave(reason);
  }

  cancelSession(sid: string, reason: string): void {
    for (const cancellation of this.#sessions.get(sid)?.values() ?? []) cancellation.leave(reason);
  }
}

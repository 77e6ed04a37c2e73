import type { Pump } from './pump.ts';

/** The connections of this process, by session and stream. A stream has one reader; a newer one ends the older. */
export class Readers {
  readonly #sessions = new Map<string, Map<string, Pump>>();

  add(sid: string, stream: string, pump: Pump): void {
    if (pump.closed) return;
    const streams = this.#sessions.get(sid) ?? new Map<string, Pump>();
    this.#sessions.set(sid, streams);
    const older = streams.get(stream);
    streams.set(stream, pump);
    older?.close();
  }

  remove(sid: string, stream: string, pump: Pump): void {
    const streams = this.#sessions.get(sid);
    if (streams?.get(stream) !== pump) return;
    streams.delete(stream);
    if (streams.size === 0) this.#sessions.delete(sid);
  }

  has(sid: string, stream: string): boolean {
    return this.#sessions.get(sid)?.has(stream) ?? false;
  }

  /** Somebody else reads the stream now. */
  close(sid: string, stream: string): void {
    this.#sessions.get(sid)?.get(stream)?.close();
  }

  closeSession(sid: string): void {
    for (const pump of [...(this.#sessions.get(sid)?.values() ?? [])]) pump.close();
  }

  closeAll(): void {
    for (const sid of [...this.#sessions.keys()]) this.closeSession(sid);
  }
}

import type { StateStore } from '../cluster/state-store.ts';
import type { LogLevel } from '../protocol/vocabulary.ts';
import type { Session } from './session.ts';

/** What changed in a session since it began. Most sessions have none. */
export interface SessionRecord {
  readonly ended?: true;
  readonly level?: LogLevel;
  readonly uris?: readonly string[];
}

const NOTHING: SessionRecord = {};
/** Longest record, in characters: bounds the subscriptions of one session. */
const MAX_RECORD = 65_536;
/** How often a change that races with others is tried again. */
const ATTEMPTS = 10;

/** The mutable part of sessions, where all replicas see it. Nothing is stored before there is something to store. */
export class SessionRecords {
  readonly #state: StateStore;
  readonly #now: () => number;

  constructor(state: StateStore, now: () => number) {
    this.#state = state;
    this.#now = now;
  }

  async read(sid: string): Promise<SessionRecord> {
    const text = await this.#state.get(keyOf(sid));
    return text === undefined ? NOTHING : (JSON.parse(text) as SessionRecord);
  }

  /** Changes a record without losing what others change at the same time. False when it would become too large. */
  async change(session: Session, change: (record: SessionRecord) => SessionRecord): Promise<boolean> {
    const ttlMs = Math.max(session.expiresAt - this.#now(), 1);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.#state.get(keyOf(session.sid));
      const after = JSON.stringify(change(before === undefined ? NOTHING : (JSON.parse(before) as SessionRecord)));
      if (after === before) return true;
      if (after.length > MAX_RECORD) return false;
      const condition = before === undefined ? 'absent' : { is: before };
      if (await this.#state.set(keyOf(session.sid), after, { ttlMs, if: condition })) return true;
    }
    throw new Error('The session is being changed by too many requests at once');
  }
}

function keyOf(sid: string): string {
  return `session:${sid}`;
}

import type { DecodedRequest } from '../http/decoded-request.ts';
import { SESSION_HEADER, type SessionArrival } from '../http/session-lane.ts';
import type { Exchange } from '../protocol/exchange.ts';
import { LiveSession } from './live-session.ts';
import type { Replica } from './replica.ts';
import { ownerOf, type Session } from './session.ts';
import type { SessionIds } from './session-ids.ts';
import type { SessionRecord, SessionRecords } from './session-records.ts';

/** A session that was found good, with what changed in it. */
export interface KnownSession {
  readonly session: Session;
  readonly record: SessionRecord;
}

export interface SessionsOptions {
  readonly ids: SessionIds;
  readonly records: SessionRecords;
  readonly replica: Replica;
  readonly ttlMs: number;
  readonly now: () => number;
}

/** Begins, finds and ends sessions. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** A session that nobody knows of yet; `issue` gives its id. */
  async prepare({ protocolVersion, client }: DecodedRequest, { principal, tenant }: SessionArrival): Promise<Session> {
    const { ttlMs, now } = this.#options;
    return {
      sid: globalThis.crypto.randomUUID().replaceAll('-', ''),
      version: protocolVersion,
      client,
      owner: await ownerOf(principal, tenant),
      expiresAt: now() + ttlMs,
    };
  }

  issue(session: Session): Promise<string> {
    return this.#options.ids.issue(session);
  }

  /** The session that a request names, if it is good, its caller's, and not over. */
  async find({ request, principal, tenant }: SessionArrival): Promise<KnownSession | undefined> {
    const { ids, records, now } = this.#options;
    const session = await ids.read(request.header(SESSION_HEADER) ?? '');
    if (!session || session.expiresAt <= now()) return undefined;
    if (session.owner !== (await ownerOf(principal, tenant))) return undefined;
    const record = await records.read(session.sid);
    return record.ended ? undefined : { session, record };
  }

  async end({ session }: KnownSession): Promise<void> {
    const { records, replica } = this.#options;
    await records.change(session, () => ({ ended: true }));
    await replica.tell({ kind: 'ended', sid: session.sid });
  }

  async urisOf(sid: string): Promise<readonly string[]> {
    return (await this.#options.records.read(sid)).uris ?? [];
  }

  /** One request of a session, as the methods see it. */
  exchange(
    { id, method, params, meta, era }: DecodedRequest,
    { session, record }: KnownSession,
    rest: Pick<Exchange, 'principal' | 'tenant' | 'upstream' | 'cancellation' | 'sink'>,
  ): Exchange {
    const { records, replica } = this.#options;
    const changed = (): Promise<void> => replica.tell({ kind: 'changed', sid: session.sid });
    const { version: protocolVersion, client } = session;
    const live = new LiveSession(session, record, { records, changed });
    return { id, method, params, meta, era, protocolVersion, client, session: live, ...rest };
  }
}

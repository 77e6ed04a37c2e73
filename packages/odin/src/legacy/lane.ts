import type { Cluster } from '../cluster/cluster.ts';
import type { Decoded } from '../http/decode.ts';
import type { DecodedRequest } from '../http/decoded-request.ts';
import { type Refusal, refuse, refuseWith, sendRefusal } from '../http/refusal.ts';
import { SESSION_HEADER, type SessionArrival, type SessionLane } from '../http/session-lane.ts';
import type { Seal } from '../input/seal.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { Exchange, Sink } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { Asks, epochOf } from './asks.ts';
import { Calls } from './calls.ts';
import { OWN_STREAM } from './event-id.ts';
import { beginSession } from './handshake.ts';
import { LiveSession } from './live-session.ts';
import type { ResolvedSessions } from './options.ts';
import { OwnStreams } from './own-streams.ts';
import { type Notice, Replica } from './replica.ts';
import { SessionReply } from './reply.ts';
import { serveStream } from './serve-stream.ts';
import { ownerOf, type Session } from './session.ts';
import { SessionIds } from './session-ids.ts';
import { type SessionRecord, SessionRecords } from './session-records.ts';
import { Streams } from './streams.ts';

export interface LaneOptions {
  readonly parts: ServerParts;
  readonly options: ResolvedSessions;
  readonly cluster: Cluster;
  readonly seal: Seal;
  /** What session ids are good for: the server's URL, or its name. */
  readonly server: string;
  readonly patienceMs: number;
  readonly keepAliveMs: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default 10000 */
  readonly leaseMs?: number;
  /** @default 1000 */
  readonly watchMs?: number;
}

/** A session that was found good, with what changed in it. */
export interface KnownSession {
  readonly session: Session;
  readonly record: SessionRecord;
}

/**
 * Clients of 2025-11-25 and older, with sessions (MCP 2025-11-25, basic/transports, "Streamable HTTP"). Whatever
 * replicas have to know of each other goes through the cluster.
 */
export class Lane implements SessionLane {
  readonly parts: ServerParts;
  readonly options: ResolvedSessions;
  readonly ids: SessionIds;
  readonly records: SessionRecords;
  readonly streams: Streams;
  readonly own: OwnStreams;
  readonly now: () => number;
  readonly #patienceMs: number;
  readonly #replica: Replica;
  readonly #asks: Asks;
  readonly #calls = new Calls();

  constructor({ parts, options, cluster, seal, server, patienceMs, keepAliveMs, ...rest }: LaneOptions) {
    this.parts = parts;
    this.options = options;
    this.now = rest.now ?? Date.now;
    this.ids = new SessionIds(seal, server);
    this.records = new SessionRecords(cluster.state, this.now);
    this.#patienceMs = patienceMs;
    this.#replica = new Replica({
      cluster,
      logger: parts.logger,
      onNotice: (notice) => this.#hear(notice),
      onResponse: (sid, response) => this.#asks.answered(sid, response),
      onMissed: () => this.#asks.abandon(),
      ...(rest.leaseMs !== undefined && { leaseMs: rest.leaseMs }),
    });
    this.#asks = new Asks(this.#replica.epoch);
    this.streams = new Streams({
      cluster,
      replica: this.#replica,
      options,
      keepAliveMs,
      ...(rest.watchMs !== undefined && { watchMs: rest.watchMs }),
    });
    this.own = new OwnStreams(parts, this.streams);
  }

  async post(decoded: Exclude<Decoded, { kind: 'refused' }>, arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    if (decoded.kind === 'request' && decoded.request.method === 'initialize')
      return beginSession(this, decoded.request, arrival);
    const known = await this.find(arrival);
    if (!known) return sendRefusal(notFound(decoded), arrival.responder);
    if (decoded.kind === 'request') return this.#call(known, decoded.request, arrival);
    const taken = await this.#take(known.session, decoded.message ?? {});
    if (taken) return arrival.responder.send(202, {});
    return sendRefusal(refuse(400, 'Bad Request: nobody waits for that response'), arrival.responder);
  }

  async get(arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    const known = await this.find(arrival);
    if (!known) return sendRefusal(notFound(), arrival.responder);
    return serveStream(this, known, arrival);
  }

  async delete(arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    const known = await this.find(arrival);
    if (!known) return sendRefusal(notFound(), arrival.responder);
    await this.records.change(known.session, () => ({ ended: true }));
    await this.#replica.tell({ kind: 'ended', sid: known.session.sid });
    arrival.responder.send(204, {});
  }

  /** The session that a request names, if it is good, its caller's, and not over. */
  async find({ request, principal }: SessionArrival): Promise<KnownSession | undefined> {
    const session = await this.ids.read(request.header(SESSION_HEADER) ?? '');
    if (!session || session.expiresAt <= this.now()) return undefined;
    if (session.owner !== (await ownerOf(principal))) return undefined;
    const record = await this.records.read(session);
    return record.ended ? undefined : { session, record };
  }

  liveSession({ session, record }: KnownSession): LiveSession {
    const changed = (): Promise<void> => this.#replica.tell({ kind: 'changed', sid: session.sid });
    return new LiveSession(session, record, { records: this.records, changed });
  }

  exchange(decoded: DecodedRequest, known: KnownSession, rest: ExchangeRest): Exchange {
    const { id, method, params, meta, era } = decoded;
    const { version: protocolVersion, client } = known.session;
    const session = this.liveSession(known);
    return { id, method, params, meta, era, protocolVersion, client, session, ...rest };
  }

  /** Ends every connection. Their clients come back, to another replica or to the next process. */
  async close(): Promise<void> {
    this.streams.readers.closeAll();
    this.own.close();
    await this.#replica.close();
  }

  async #call(known: KnownSession, decoded: DecodedRequest, arrival: SessionArrival): Promise<void> {
    const { sid } = known.session;
    const cancellation = new Cancellation();
    if (!this.#calls.add(sid, decoded.id, cancellation)) {
      const message = 'Invalid request: this id is already in use';
      return sendRefusal(
        refuseWith({ status: 400, code: RPC.invalidRequest, message, id: decoded.id }),
        arrival.responder,
      );
    }
    try {
      const reply = new SessionReply({
        id: decoded.id,
        session: known.session,
        arrival,
        cancellation,
        patienceMs: this.#patienceMs,
        streams: this.streams,
        asks: this.#asks,
      });
      const exchange = this.exchange(decoded, known, {
        principal: arrival.principal,
        cancellation,
        sink: reply,
      });
      const answer = await dispatch(exchange, this.parts);
      if (answer.kind !== 'delegated') await reply.finish(answer);
      arrival.finished(exchange, answer, reply);
    } finally {
      this.#calls.remove(sid, decoded.id);
    }
  }

  /** A notification or a response. False when nobody can take it. */
  async #take({ sid }: Session, message: JsonObject): Promise<boolean> {
    if (message.method === undefined) {
      const epoch = epochOf(message.id);
      return epoch !== undefined && (await this.#replica.respond(epoch, sid, message));
    }
    const params = isJsonObject(message.params) ? message.params : {};
    const { requestId: id } = params;
    if (message.method === 'notifications/cancelled' && (typeof id === 'string' || typeof id === 'number')) {
      const why = typeof params.reason === 'string' ? `: ${params.reason.slice(0, 200)}` : '';
      await this.#replica.tell({ kind: 'cancel', sid, id, reason: `The client cancelled the request${why}` });
    }
    return true;
  }

  #hear(notice: Notice): void {
    const { sid } = notice;
    switch (notice.kind) {
      case 'cancel':
        return this.#calls.cancel(sid, notice.id, notice.reason);
      case 'reader':
        if (notice.from === this.#replica.epoch) return;
        this.streams.readers.close(sid, notice.stream);
        if (notice.stream === OWN_STREAM) this.own.end(sid);
        return;
      case 'changed':
        if (this.own.has(sid)) void this.#reload(sid);
        return;
      case 'ended':
        this.#calls.cancelSession(sid, 'The client ended its session');
        this.own.end(sid);
        return this.streams.readers.closeSession(sid);
    }
  }

  async #reload(sid: string): Promise<void> {
    try {
      const { uris = [] } = await this.records.read({ sid });
      this.own.changed(sid, uris);
    } catch (error) {
      this.parts.logger.warn({ error }, 'the subscriptions of a session could not be read');
    }
  }
}

type ExchangeRest = Pick<Exchange, 'principal' | 'cancellation'> & { readonly sink: Sink };

/** 404 makes a client begin a new session (basic/transports, "Session Management"); a 401 would make it look for a token. */
function notFound(decoded?: Decoded): Refusal {
  const id = decoded?.kind === 'request' ? decoded.request.id : null;
  return refuseWith({ status: 404, code: -32001, message: 'Session not found', id });
}

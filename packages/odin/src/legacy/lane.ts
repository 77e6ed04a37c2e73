import type { Cluster } from '../cluster/cluster.ts';
import { OdinError } from '../errors.ts';
import type { Decoded } from '../http/decode.ts';
import type { DecodedRequest } from '../http/decoded-request.ts';
import type { InFlight } from '../http/in-flight.ts';
import { type Refusal, refuse, refuseWith, sendRefusal } from '../http/refusal.ts';
import type { SessionArrival, SessionLane } from '../http/session-lane.ts';
import type { Seal } from '../input/seal.ts';
import type { RequestId } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import { REVOKED } from '../protocol/ending.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { Asks, epochOf } from './asks.ts';
import { Calls } from './calls.ts';
import { OWN_STREAM } from './event-id.ts';
import { beginSession } from './handshake.ts';
import type { ResolvedSessions } from './options.ts';
import { OwnStreams } from './own-streams.ts';
import { type Notice, Replica } from './replica.ts';
import { SessionReply } from './reply.ts';
import { serveStream } from './serve-stream.ts';
import type { Session } from './session.ts';
import { SessionIds } from './session-ids.ts';
import { SessionRecords } from './session-records.ts';
import { type KnownSession, Sessions } from './sessions.ts';
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
  /** Knows the calls that run. */
  readonly inFlight: InFlight;
  /** How long a replica that says nothing counts as alive. Milliseconds. @default 10000 */
  readonly leaseMs?: number;
  /** How often a reader looks after the replica that runs its call. Milliseconds. @default 1000 */
  readonly watchMs?: number;
}

/**
 * Clients of 2025-11-25 and older, with sessions (MCP 2025-11-25, basic/transports, "Streamable HTTP"). Whatever
 * replicas have to know of each other goes through the cluster.
 */
export class Lane implements SessionLane {
  readonly #parts: ServerParts;
  readonly #patienceMs: number;
  readonly #inFlight: InFlight;
  readonly #replica: Replica;
  readonly #asks: Asks;
  readonly #calls: Calls = new Calls();
  readonly #sessions: Sessions;
  readonly #streams: Streams;
  readonly #own: OwnStreams;

  constructor(all: LaneOptions) {
    const { parts, options, cluster, patienceMs, keepAliveMs, leaseMs, watchMs } = all;
    this.#parts = parts;
    this.#patienceMs = patienceMs;
    this.#inFlight = all.inFlight;
    const replica = new Replica({
      cluster,
      logger: parts.logger,
      onNotice: (notice) => this.#hear(notice),
      onResponse: (sid, response) => this.#asks.answered(sid, response),
      onMissed: () => this.#asks.abandon(),
      ...(leaseMs !== undefined && { leaseMs }),
    });
    this.#replica = replica;
    this.#asks = new Asks(replica.epoch);
    const ids = new SessionIds(all.seal, all.server);
    const records = new SessionRecords(cluster.state, parts.now);
    this.#sessions = new Sessions({ ids, records, replica, ttlMs: options.ttlMs, now: parts.now });
    this.#streams = new Streams({ cluster, replica, options, keepAliveMs, ...(watchMs !== undefined && { watchMs }) });
    this.#own = new OwnStreams(parts, this.#streams);
  }

  post(decoded: Exclude<Decoded, { kind: 'refused' }>, arrival: SessionArrival): Promise<void> {
    const id = decoded.kind === 'request' ? decoded.request.id : null;
    return orUnavailable(this.#post(decoded, arrival), arrival, id);
  }

  get(arrival: SessionArrival): Promise<void> {
    return orUnavailable(this.#get(arrival), arrival);
  }

  delete(arrival: SessionArrival): Promise<void> {
    return orUnavailable(this.#delete(arrival), arrival);
  }

  /** Ends every connection. Their clients come back, to another replica or to the next process. */
  async close(): Promise<void> {
    this.#streams.readers.closeAll();
    this.#own.close();
    await this.#replica.close();
  }

  async #post(decoded: Exclude<Decoded, { kind: 'refused' }>, arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    if (decoded.kind === 'request' && decoded.request.method === 'initialize')
      return beginSession({ sessions: this.#sessions, parts: this.#parts }, decoded.request, arrival);
    const known = await this.#sessions.find(arrival);
    if (!known) return sendRefusal(notFound(decoded), arrival.responder);
    if (decoded.kind === 'request') return this.#call(known, decoded.request, arrival);
    const taken = await this.#take(known.session, decoded.message ?? {});
    if (taken) return arrival.responder.send(202, {});
    return sendRefusal(refuse(400, 'Bad Request: nobody waits for that response'), arrival.responder);
  }

  async #get(arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    const known = await this.#sessions.find(arrival);
    if (!known) return sendRefusal(notFound(), arrival.responder);
    return serveStream({ streams: this.#streams, own: this.#own }, known, arrival);
  }

  async #delete(arrival: SessionArrival): Promise<void> {
    await this.#replica.listen();
    const known = await this.#sessions.find(arrival);
    if (!known) return sendRefusal(notFound(), arrival.responder);
    await this.#sessions.end(known);
    arrival.responder.send(204, {});
  }

  async #call(known: KnownSession, decoded: DecodedRequest, arrival: SessionArrival): Promise<void> {
    const { id } = decoded;
    const { session } = known;
    const cancellation = new Cancellation();
    if (!this.#calls.add(session.sid, id, cancellation)) {
      const message = 'Invalid request: this id is already in use';
      return sendRefusal(refuseWith({ status: 400, code: RPC.invalidRequest, message, id }), arrival.responder);
    }
    const streams = this.#streams;
    const patienceMs = this.#patienceMs;
    const reply = new SessionReply({ id, session, arrival, cancellation, patienceMs, streams, asks: this.#asks });
    let revoked = false;
    const forget = arrival.onRevoked(() => {
      revoked = true;
      void reply.revoke();
    });
    this.#inFlight.enter(reply);
    try {
      const { principal, tenant, upstream } = arrival;
      const exchange = this.#sessions.exchange(decoded, known, {
        principal,
        tenant,
        upstream,
        cancellation,
        sink: reply,
      });
      const found = await dispatch(exchange, this.#parts);
      // Whatever was found is not the caller's any more.
      const answer = revoked ? REVOKED : found;
      if (answer.kind !== 'delegated') await reply.finish(answer);
      arrival.finished(exchange, answer, reply);
    } finally {
      forget();
      this.#inFlight.leave(reply);
      this.#calls.remove(session.sid, id);
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
        this.#streams.readers.close(sid, notice.stream);
        if (notice.stream === OWN_STREAM) this.#own.end(sid);
        return;
      case 'changed':
        if (this.#own.has(sid)) void this.#reload(sid);
        return;
      case 'ended':
        this.#calls.cancelSession(sid, 'The client ended its session');
        this.#own.end(sid);
        return this.#streams.readers.closeSession(sid);
    }
  }

  async #reload(sid: string): Promise<void> {
    try {
      this.#own.changed(sid, await this.#sessions.urisOf(sid));
    } catch (error) {
      this.#parts.logger.warn({ error }, 'the subscriptions of a session could not be read');
    }
  }
}

/** What needs the cluster is refused while that is out of reach; a log of its own says why, once. */
async function orUnavailable(
  served: Promise<void>,
  { responder }: SessionArrival,
  id: RequestId | null = null,
): Promise<void> {
  try {
    await served;
  } catch (thrown) {
    if (!(thrown instanceof OdinError) || thrown.code !== 'cluster_unreachable') throw thrown;
    const message = 'The server cannot reach what its replicas share. Try again.';
    const refusal = refuseWith({ status: 503, code: RPC.internalError, message, id }, { 'retry-after': '2' });
    sendRefusal(refusal, responder);
  }
}

/** 404 makes a client begin a new session (basic/transports, "Session Management"); a 401 would make it look for a token. */
function notFound(decoded?: Decoded): Refusal {
  const id = decoded?.kind === 'request' ? decoded.request.id : null;
  return refuseWith({ status: 404, code: -32001, message: 'Session not found', id });
}

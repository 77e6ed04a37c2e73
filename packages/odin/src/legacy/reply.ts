import { ToolError } from '../errors.ts';
import type { RunningCall } from '../http/in-flight.ts';
import { JSON_HEADERS } from '../http/refusal.ts';
import type { SessionArrival } from '../http/session-lane.ts';
import { KEEP_ALIVE } from '../http/sse.ts';
import { statusOf } from '../http/status.ts';
import { type FinalAnswer as Final, formatResponse, type RequestId } from '../protocol/answer.ts';
import type { Cancellation, Ending } from '../protocol/cancellation.ts';
import { REVOKED } from '../protocol/ending.ts';
import type { HoldPolicy, Sink } from '../protocol/exchange.ts';
import { Grace } from '../protocol/grace.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Asks } from './asks.ts';
import { formatCallStream, formatEventId, MAX_STREAM_NAME, START } from './event-id.ts';
import { EventLog, logName } from './event-log.ts';
import { openOutlet } from './outlet.ts';
import { Presence } from './presence.ts';
import type { Pump } from './pump.ts';
import type { Session } from './session.ts';
import { formatPriming, takesEmptyEvents } from './sse-events.ts';
import { formatLast, type Streams } from './streams.ts';

export interface SessionReplyOptions {
  readonly id: RequestId;
  readonly session: Session;
  readonly arrival: SessionArrival;
  readonly cancellation: Cancellation;
  readonly patienceMs: number;
  readonly streams: Streams;
  readonly asks: Asks;
}

/**
 * The answer to one request of a session: one JSON body when it comes at once; otherwise a log of events, and whichever
 * connection of the client reads it. The client may leave and come back; only a cancellation ends the call.
 */
export class SessionReply implements Sink, RunningCall {
  readonly #options: SessionReplyOptions;
  readonly #presence: Presence;
  readonly #stream: string;
  readonly #log: EventLog;
  #policy: HoldPolicy = 'auto';
  #patience: ReturnType<typeof setTimeout> | undefined;
  #opening: Promise<void> | undefined;
  #pump: Pump | undefined;
  /** What is noted comes to the client by itself. */
  #following = false;
  #finishing: Promise<void> | undefined;
  #grace: Grace | undefined;
  kind: 'json' | 'sse' | 'held' = 'json';
  before: RunningCall | undefined;
  after: RunningCall | undefined;
  /** 499, as nginx has it, until an answer was begun: the client left before. */
  status = 499;

  constructor(options: SessionReplyOptions) {
    const { id, session, arrival, streams, patienceMs } = options;
    this.#options = options;
    this.#presence = new Presence(arrival.request);
    const key = globalThis.crypto.randomUUID().replaceAll('-', '');
    this.#stream = formatCallStream({ epoch: streams.epoch, key, id });
    this.#log = new EventLog(streams.bus, logName(session.sid, this.#stream), streams.options);
    this.#patience = setTimeout(() => void this.#open().catch(() => {}), patienceMs);
  }

  prefer(policy: HoldPolicy): void {
    this.#policy = policy;
    if (policy === 'always' && this.#options.arrival.hold) void this.#open().catch(() => {});
  }

  /** What cannot be sent is lost: a call does not fail because the store of its events does. */
  async send(json: string): Promise<void> {
    if (this.#finishing || this.#options.cancellation.cancelled) return;
    await this.#write(json).catch(() => {});
  }

  ask(method: string, params: JsonObject): Promise<JsonObject> {
    const { asks, session, cancellation } = this.#options;
    if (this.#finishing) return Promise.reject(new ToolError('The call has ended, so nothing can be asked.'));
    const send = (json: string): Promise<void> => (this.#finishing ? Promise.resolve() : this.#write(json));
    return asks.ask({ sid: session.sid, method, params, signal: cancellation.signal, send });
  }

  closeStream(): void {
    if (!this.#resumable || this.#finishing) return;
    void this.#open().then(
      () => this.#pump?.close(),
      () => {},
    );
  }

  /** Ends the answer. After this nothing more is sent. */
  finish(answer: Final): Promise<void> {
    this.#finishing ??= this.#finish(answer);
    return this.#finishing;
  }

  /** The caller's token was revoked: the handler is told, and nothing but that goes out any more. */
  async revoke(): Promise<void> {
    this.#options.cancellation.cancel('The token of the caller was revoked');
    await this.finish(REVOKED);
  }

  /** The call may not go on: the handler is told, and has a moment for an answer of its own. Resolves when the client has one. */
  end(ending: Ending): Promise<void> {
    const { cancellation } = this.#options;
    this.#grace ??= new Grace({ cancellation, finish: (answer) => this.finish(answer) });
    return this.#grace.end(ending, this.#finishing !== undefined);
  }

  async #finish(answer: Final): Promise<void> {
    clearTimeout(this.#patience);
    this.#grace?.over();
    await this.#opening?.catch(() => {});
    if (this.status === 499) return this.#sendJson(answer);
    const kind = this.#options.cancellation.byClient ? 'c' : 'f';
    const json = this.#format(answer);
    const noted = await this.#log.conclude(kind, json);
    if (!noted || !this.#following) {
      const { sid, version } = this.#options.session;
      this.#pump?.close(formatLast({ sid, stream: this.#stream }, { kind, json, version }));
    }
    await this.#pump?.finished;
  }

  /** Whether the client can come back for the stream. */
  get #resumable(): boolean {
    return takesEmptyEvents(this.#options.session.version) && this.#stream.length <= MAX_STREAM_NAME;
  }

  async #write(json: string): Promise<void> {
    await this.#open();
    await this.#log.append('m', json);
    await this.#pump?.ready();
  }

  #open(): Promise<void> {
    clearTimeout(this.#patience);
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<void> {
    const { arrival, session, streams } = this.#options;
    await streams.appear();
    if (this.#presence.gone) return;
    const where = { sid: session.sid, stream: this.#stream };
    const outlet = await openOutlet({
      responder: arrival.responder,
      presence: this.#presence,
      principal: arrival.principal,
      // The call itself hears of that, and has an answer for it.
      onRevoked: () => () => {},
      keepAliveMs: streams.keepAliveMs,
      hold: this.#policy === 'never' ? undefined : arrival.hold,
      first: this.#resumable
        ? formatPriming(formatEventId({ ...where, position: START }), streams.options.retryMs)
        : KEEP_ALIVE,
    });
    this.kind = outlet.kind;
    this.status = 200;
    // A client that cannot come back for the rest has to hear the end of its call here.
    const onOver = this.#resumable ? undefined : (ending: Ending): void => void this.end(ending);
    this.#pump = streams.pump(where, { outlet, version: session.version, onOver });
    await streams.followCall(this.#pump, where, undefined);
    this.#following = true;
  }

  #sendJson(answer: Final): void {
    if (this.#presence.gone) return;
    this.status = statusOf(answer, 'legacy');
    this.#options.arrival.responder.send(
      this.status,
      { ...JSON_HEADERS, ...this.#options.arrival.headersOf(answer) },
      this.#format(answer),
    );
  }

  #format(answer: Final): string {
    return formatResponse(this.#options.id, answer);
  }
}

import { type FinalAnswer as Final, formatResponse, type RequestId } from '../protocol/answer.ts';
import type { Cancellation, Ending } from '../protocol/cancellation.ts';
import { REVOKED } from '../protocol/ending.ts';
import type { Era, HoldPolicy, Sink, Subscription } from '../protocol/exchange.ts';
import { Grace } from '../protocol/grace.ts';
import { Pause } from '../protocol/pause.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { startDeadline } from './deadline.ts';
import { endingOf, type HeldAnswer, type HeldSubscription, headersOf } from './holder.ts';
import type { RunningCall } from './in-flight.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { HttpHeaders, HttpResponder, HttpStream } from './message.ts';
import { JSON_HEADERS } from './refusal.ts';
import { formatEvent, KEEP_ALIVE, SSE_HEADERS } from './sse.ts';
import { statusOf } from './status.ts';

/** Characters that may wait for one slow reader. */
const MAX_UNREAD = 1_048_576;

const ignore = (): void => {};
const DONE = Promise.resolve();

export interface ReplyOptions {
  readonly id: RequestId;
  readonly era: Era;
  readonly responder: HttpResponder;
  readonly cancellation: Cancellation;
  /** Whether a client that leaves wants no answer any more: it could not come back for it. */
  readonly endsWithClient: boolean;
  readonly patienceMs: number;
  readonly keepAliveMs: number;
  /** How long the caller's token is still good, asked when a stream begins. Absent without a token. */
  readonly lifeMs?: () => number;
  /** Extra headers of an answer that is not a success, for example its challenge. */
  readonly headersOf: (answer: Final) => HttpHeaders;
  /** What the client hears when its answer could not be begun. */
  readonly failed: (error: unknown) => Final;
  /** Absent: this request can not be held. */
  readonly hold?: {
    open(): Promise<HeldAnswer | undefined>;
    subscribe(subscription: Subscription): Promise<HeldSubscription | undefined>;
    /** The answer is out: nothing of the request is needed any more, however long the call goes on. */
    release(): void;
  };
}

/**
 * The answer to one POST. It starts undecided and is decided once: one JSON body when the response comes first; a
 * stream when a notification does, or when the patience runs out. A stream is held by the proxy when it can be.
 */
export class Reply implements Sink, RunningCall {
  readonly #options: ReplyOptions;
  #mode: 'undecided' | 'deciding' | 'sse' | 'held' | 'done' = 'undecided';
  #policy: HoldPolicy = 'auto';
  #patience: ReturnType<typeof setTimeout> | undefined;
  #stopKeepAlive = ignore;
  readonly #pause = new Pause();
  #queued: string[] = [];
  #final: Final | undefined;
  #finishing: Promise<void> | undefined;
  #grace: Grace | undefined;
  #cancelExpiry = ignore;
  #decision: Promise<void> | undefined;
  #stream: HttpStream | undefined;
  #held: HeldAnswer | undefined;
  #unread = 0;
  #gap = false;
  /** 499, as nginx has it, until an answer was begun: the client left before. */
  status = 499;
  kind: 'json' | 'sse' | 'held' = 'json';
  before: RunningCall | undefined;
  after: RunningCall | undefined;

  constructor(options: ReplyOptions) {
    this.#options = options;
    this.#patience = setTimeout(() => void this.#decide(), options.patienceMs);
  }

  prefer(policy: HoldPolicy): void {
    this.#policy = policy;
    if (policy === 'always' && this.#options.hold) void this.#decide();
  }

  async send(json: string): Promise<void> {
    if (this.#final || this.#mode === 'done' || this.#options.cancellation.cancelled) return;
    const block = formatEvent(json);
    this.#pause.spoke();
    if (this.#mode === 'sse' || this.#mode === 'held') return this.#write(block);
    this.#queued.push(block);
    await this.#decide();
  }

  async delegate(subscription: Subscription): Promise<boolean> {
    if (this.#mode !== 'undecided' || !this.#options.hold) return false;
    this.#enter('deciding');
    const subscribing = this.#options.hold.subscribe(subscription).finally(() => this.#reopen());
    this.#decision = subscribing.then(ignore, ignore);
    const held = await subscribing;
    // Revoked meanwhile: that is the answer, and nothing may be held.
    if (!held || this.#final || this.#mode !== 'undecided') return false;
    this.#begin('held', 200);
    this.#options.responder.send(
      200,
      { ...SSE_HEADERS, ...held.headers },
      held.body ?? formatEvent(subscription.acknowledgement),
    );
    this.#mode = 'done';
    return true;
  }

  /** Ends the answer. After this nothing more is sent. */
  finish(answer: Final): Promise<void> {
    // Nearly every answer, and it needs to wait for nothing.
    if (this.#mode === 'undecided' && !this.#final) {
      this.#final = answer;
      this.#sendJson(answer);
      this.#close();
    }
    this.#finishing ??= this.#mode === 'done' ? DONE : this.#finish(answer);
    return this.#finishing;
  }

  /** The call may not go on: the handler is told, and has a moment for an answer of its own. Resolves when the client has one. */
  end(ending: Ending): Promise<void> {
    const { cancellation } = this.#options;
    this.#grace ??= new Grace({ cancellation, finish: (answer) => this.finish(answer) });
    return this.#grace.end(ending, this.#final !== undefined || this.#mode === 'done');
  }

  /** The caller's token was revoked: the handler is told, and nothing but that goes out any more. */
  async revoke(): Promise<void> {
    this.#options.cancellation.cancel('The token of the caller was revoked');
    await this.finish(REVOKED);
  }

  /** The connection closed before the answer was complete. For a held answer that is how it should be. */
  disconnected(): void {
    if (this.#mode === 'held' || this.#mode === 'done') return;
    this.#left('The client closed the connection');
    this.#close();
  }

  #left(how: string): void {
    if (this.#options.endsWithClient) this.#options.cancellation.leave(how);
  }

  async #finish(answer: Final): Promise<void> {
    this.#final = answer;
    this.#grace?.over();
    if (this.#mode === 'deciding') await this.#decision;
    if (this.#mode === 'sse' || this.#mode === 'held') await this.#pause.wait();
    const last = this.#lossless(this.#final);
    if (this.#mode === 'undecided') this.#sendJson(last);
    else if (this.#mode === 'sse') await this.#endStream(last);
    else if (this.#mode === 'held') await this.#endHold(last);
    this.#close();
  }

  #decide(): Promise<void> {
    if (this.#mode === 'undecided') {
      this.#enter('deciding');
      this.#decision = this.#begins().catch((error: unknown) => this.#failed(error));
    }
    return this.#decision ?? Promise.resolve();
  }

  async #begins(): Promise<void> {
    const held = this.#policy === 'never' ? undefined : await this.#options.hold?.open();
    if (this.#mode !== 'deciding') return held?.abort();
    if (this.#final && this.#queued.length === 0 && this.#policy !== 'always') {
      this.#mode = 'undecided';
      return held?.abort();
    }
    const first = this.#queued.join('');
    this.#queued = [];
    if (held) await this.#beginHeld(held, first);
    else await this.#beginStream(first);
  }

  /** Nothing was sent, so an error still can be. */
  #failed(error: unknown): void {
    this.#reopen();
    this.#gap = false;
    const answer = this.#options.failed(error);
    this.#final = answer;
    this.#options.cancellation.cancel('The answer could not be begun');
    void this.finish(answer);
  }

  async #beginHeld(held: HeldAnswer, first: string): Promise<void> {
    const headers = { ...SSE_HEADERS, ...headersOf(held) };
    this.#held = held;
    this.#begin('held', 200);
    this.#mode = 'held';
    held.onAbort((reason) => {
      const ending = endingOf(reason);
      if (ending) void this.end(ending);
      else this.#left('The client left the held stream');
    });
    this.#options.responder.send(200, headers, first);
    await this.#options.responder.sent();
    this.#options.hold?.release();
    held.answered();
  }

  async #beginStream(first: string): Promise<void> {
    this.#begin('sse', 200);
    this.#mode = 'sse';
    this.#stream = this.#options.responder.stream(200, SSE_HEADERS);
    this.#stopKeepAlive = startKeepAlive(this.#stream, this.#options.keepAliveMs);
    // A stream does not outlive the token it was opened with.
    const { lifeMs } = this.#options;
    if (lifeMs) this.#cancelExpiry = startDeadline(lifeMs(), () => void this.end('expired'));
    await this.#stream.write(first === '' ? KEEP_ALIVE : first);
  }

  #sendJson(answer: Final): void {
    const status = statusOf(answer, this.#options.era);
    this.#begin('json', status);
    this.#options.responder.send(
      status,
      { ...JSON_HEADERS, ...this.#options.headersOf(answer) },
      formatResponse(this.#options.id, answer),
    );
  }

  async #endStream(answer: Final): Promise<void> {
    await this.#stream?.write(formatEvent(formatResponse(this.#options.id, answer)));
    this.#stream?.end();
    this.#close();
    await this.#options.responder.sent();
  }

  /** A client that is gone does not hear the end; nobody is left to tell. */
  async #endHold(answer: Final): Promise<void> {
    await this.#held?.end(formatEvent(formatResponse(this.#options.id, answer))).catch(() => {});
  }

  /**
   * Writers that do not wait for the reader fill a bounded buffer. Beyond it a message is lost, and the stream
   * has to say so at its end.
   */
  async #write(block: string): Promise<void> {
    if (this.#unread > MAX_UNREAD) {
      this.#gap = true;
      return;
    }
    this.#unread += block.length;
    try {
      await (this.#held ?? this.#stream)?.write(block);
    } catch {
      this.#gap = true;
    } finally {
      this.#unread -= block.length;
    }
  }

  /** A result after a gap would look complete and is not. */
  #lossless(answer: Final): Final {
    if (!this.#gap) return answer;
    const error = {
      code: RPC.internalError,
      message: 'The stream lost messages because they were not read in time. Retry the request.',
    };
    return { kind: 'error', origin: 'handler', error };
  }

  #begin(kind: 'json' | 'sse' | 'held', status: number): void {
    this.kind = kind;
    this.status = status;
  }

  /** Nothing was sent yet, so every way of answering is open again. */
  #reopen(): void {
    if (this.#mode === 'deciding') this.#mode = 'undecided';
  }

  #enter(mode: 'deciding'): void {
    this.#mode = mode;
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #close(): void {
    this.#mode = 'done';
    clearTimeout(this.#patience);
    this.#stopKeepAlive();
    this.#cancelExpiry();
    this.#grace?.over();
  }
}

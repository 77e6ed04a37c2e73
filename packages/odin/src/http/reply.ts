import { type Answer, formatResponse, type RequestId } from '../protocol/answer.ts';
import type { Cancellation } from '../protocol/cancellation.ts';
import type { Era, HoldPolicy, Sink, Subscription } from '../protocol/exchange.ts';
import { Pause } from '../protocol/pause.ts';
import { RPC } from '../protocol/vocabulary.ts';
import type { HeldAnswer, HeldSubscription } from './holder.ts';
import type { HttpHeaders, HttpResponder, HttpStream } from './message.ts';
import { JSON_HEADERS } from './refusal.ts';
import { formatEvent, KEEP_ALIVE, SSE_HEADERS } from './sse.ts';
import { statusOf } from './status.ts';

/** Characters that may wait for one slow reader. */
const MAX_UNREAD = 1_048_576;

/** What a caller hears whose token was revoked in mid-call. */
export const REVOKED: Exclude<Answer, { kind: 'delegated' }> = {
  kind: 'error',
  origin: 'handler',
  error: { code: RPC.refused, message: 'The access token was revoked. Sign in again.' },
};

const ignore = (): void => {};

type Final = Exclude<Answer, { kind: 'delegated' }>;

export interface ReplyOptions {
  readonly id: RequestId;
  readonly era: Era;
  readonly responder: HttpResponder;
  readonly cancellation: Cancellation;
  readonly patienceMs: number;
  readonly keepAliveMs: number;
  /** Extra headers of an answer that is not a success, for example its challenge. */
  readonly headersOf: (answer: Final) => HttpHeaders;
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
export class Reply implements Sink {
  readonly #options: ReplyOptions;
  #mode: 'undecided' | 'deciding' | 'sse' | 'held' | 'done' = 'undecided';
  #policy: HoldPolicy = 'auto';
  #patience: ReturnType<typeof setTimeout> | undefined;
  #keepAlive: ReturnType<typeof setInterval> | undefined;
  #beating = false;
  readonly #pause = new Pause();
  #queued: string[] = [];
  #final: Final | undefined;
  #decision: Promise<void> | undefined;
  #stream: HttpStream | undefined;
  #held: HeldAnswer | undefined;
  #unread = 0;
  #gap = false;
  /** 499, as nginx has it, until an answer was begun: the client left before. */
  status = 499;
  kind: 'json' | 'sse' | 'held' = 'json';

  constructor(options: ReplyOptions) {
    this.#options = options;
    this.#patience = setTimeout(() => void this.#decide(), options.patienceMs);
  }

  prefer(policy: HoldPolicy): void {
    this.#policy = policy;
    if (policy === 'always' && this.#options.hold) void this.#decide();
  }

  async send(json: string): Promise<void> {
    if (this.#mode === 'done' || this.#options.cancellation.cancelled) return;
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
  async finish(answer: Final): Promise<void> {
    if (this.#mode === 'done' || this.#final) return;
    this.#final = answer;
    if (this.#mode === 'deciding') await this.#decision;
    if (this.#mode === 'sse' || this.#mode === 'held') await this.#pause.wait();
    if (this.#mode === 'undecided') this.#sendJson(answer);
    else if (this.#mode === 'sse') await this.#endStream(this.#lossless(answer));
    else if (this.#mode === 'held') await this.#endHold(this.#lossless(answer));
    this.#close();
  }

  /** The caller's token was revoked: the handler is told, and nothing but that goes out any more. */
  async revoke(): Promise<void> {
    this.#options.cancellation.cancel('The token of the caller was revoked');
    await this.finish(REVOKED);
  }

  /** The connection closed before the answer was complete. For a held answer that is how it should be. */
  disconnected(): void {
    if (this.#mode === 'held' || this.#mode === 'done') return;
    if (this.#options.era === 'modern') this.#options.cancellation.cancel('The client closed the connection');
    this.#close();
  }

  #decide(): Promise<void> {
    if (this.#mode === 'undecided') {
      this.#enter('deciding');
      this.#decision = this.#begins();
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

  async #beginHeld(held: HeldAnswer, first: string): Promise<void> {
    this.#held = held;
    this.#begin('held', 200);
    this.#mode = 'held';
    const { cancellation } = this.#options;
    if (this.#options.era === 'modern') held.onAbort(() => cancellation.cancel('The client left the held stream'));
    this.#options.responder.send(200, { ...SSE_HEADERS, ...held.headers }, first);
    await this.#options.responder.sent();
    this.#options.hold?.release();
    held.answered();
  }

  async #beginStream(first: string): Promise<void> {
    this.#begin('sse', 200);
    this.#mode = 'sse';
    this.#stream = this.#options.responder.stream(200, SSE_HEADERS);
    this.#keepAlive = setInterval(() => void this.#beat(), this.#options.keepAliveMs);
    await this.#stream.write(first === '' ? KEEP_ALIVE : first);
  }

  /** A reader that has not taken the last one gets no other: they would pile up for it. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    await this.#stream?.write(KEEP_ALIVE);
    this.#beating = false;
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
    clearInterval(this.#keepAlive);
  }
}

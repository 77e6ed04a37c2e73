import type { ServerResponse } from 'node:http';
import { type HoldChannel, MAX_CHANNELS, MAX_SESSION_QUEUE_ITEMS, type PublishItem } from '@asgard/grip';
import { formatRawHeaders } from '../http/header-list.ts';
import type { Channels, Holder } from './channels.ts';
import type { Cancel, Clock } from './clock.ts';
import type { EmitHermodEvent, ReleaseCause } from './event.ts';
import { applyFilters, hasContentFilters } from './filters.ts';
import { type Instruct, readInstruct } from './instruct.ts';
import { createKeepAliveTimer, type KeepAliveTimer } from './keep-alive.ts';
import type { LinkFollower } from './link-follower.ts';
import { resolveLink } from './resolve-link.ts';
import type { Sequence } from './sequence.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/**
 * How long a check waits before the link is asked, so that several reasons at one time make one request: the pace of Pushpin's
 * limiter. Items queue up meanwhile; it is the pause that each stream with a link has after its first second.
 */
const CHECK_DELAY_MS = 100;

export interface HeldStreamOptions {
  readonly id: string;
  readonly response: ServerResponse;
  /** The URL of the client's request, against which links resolve. */
  readonly url: URL;
  readonly instruct: Instruct;
  readonly follower: LinkFollower;
  readonly channels: Channels;
  readonly sequence: Pick<Sequence, 'lastId' | 'forget'>;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

/**
 * One client's held stream: `opening` (the first body goes out) -> `holding` -> `waiting` (a next link is to be asked, items queue
 * up) -> `linking` (its answer goes to the client) -> `holding` or `ended`. The rules are those of Pushpin's HttpSession.
 */
export class HeldStream implements Holder {
  readonly #options: HeldStreamOptions;
  readonly #subscriptions: Subscriptions;
  readonly #keepAlive: KeepAliveTimer;
  readonly #queue: PublishItem[] = [];
  /** Channels that had an item since the link's clock was set. */
  readonly #active = new Set<string>();
  #state: 'opening' | 'holding' | 'waiting' | 'linking' | 'ended' = 'opening';
  #instruct: Instruct;
  #next: URL | undefined;
  #checkAgain = false;
  /** Of the link's timeout while holding, of the delay while waiting. */
  #cancelLink: Cancel | undefined;

  /** @throws Error when the next link is not an http(s) URL */
  constructor(options: HeldStreamOptions) {
    this.#options = options;
    this.#instruct = options.instruct;
    this.#next = resolveLink(options.instruct.next?.uri, options.url);
    this.#subscriptions = createSubscriptions(options.channels, 'stream', this);
    this.#keepAlive = createKeepAliveTimer(options.clock, (data) => {
      if (!options.response.writableNeedDrain) options.response.write(data);
    });
  }

  start(): void {
    const { response, instruct } = this.#options;
    const { status, reason, headers, body } = instruct.response;
    response.writeHead(status, reason, formatRawHeaders(headers));
    response.flushHeaders();
    response.on('drain', () => this.#drained());
    if (body.length > 0) response.write(body);
    if (status === 204 || status === 304) this.#release('error', `status ${status} has no body to add to`);
    else if (instruct.mode === 'stream') this.#hold(true);
    else this.#follow();
  }

  /** Leaves the channels and stops every timer and request. */
  stop(): void {
    this.#state = 'ended';
    this.#queue.length = 0;
    this.#keepAlive.stop();
    this.#cancelLink?.();
    this.#options.follower.cancel();
    this.#subscriptions.clear();
  }

  deliver(item: PublishItem): void {
    if (this.#state === 'ended') return;
    if (this.#queue.length >= MAX_SESSION_QUEUE_ITEMS) {
      this.#drop(item.channel, `the queue of the connection is full (${MAX_SESSION_QUEUE_ITEMS} items)`);
      return;
    }
    this.#queue.push(item);
    this.#flush();
  }

  check(): void {
    if (this.#state === 'linking') this.#checkAgain = true;
    else if (this.#state === 'holding' && this.#next) {
      this.#state = 'waiting';
      this.#cancelLink?.();
      this.#cancelLink = this.#options.clock.after(CHECK_DELAY_MS, () => this.#follow());
    }
  }

  #hold(first: boolean): void {
    const { channels } = this.#instruct;
    const chained = channels.find(({ prevId }) => prevId !== undefined);
    if (chained && !this.#next) {
      this.#release('error', `channel '${chained.name}' specifies prev-id, but no next link was given`);
      return;
    }
    for (const name of this.#subscriptions.replace(channels)) {
      this.#drop(name, `a connection can have ${MAX_CHANNELS} channels`);
    }
    this.#state = 'holding';
    if (first && this.#isBehind(channels)) {
      this.check();
      return;
    }
    // What came during the link and is not the direct successor is in the link's answer already.
    for (let item = this.#queue[0]; item && !this.#subscriptions.follows(item); item = this.#queue[0])
      this.#queue.shift();
    this.#keepAlive.start(this.#instruct.keepAlive);
    this.#armLink();
    this.#flush();
    if (this.#state === 'holding' && this.#checkAgain) this.check();
  }

  /** Whether the proxy knows of items after those that the origin had when it answered. */
  #isBehind(channels: readonly HoldChannel[]): boolean {
    const { sequence } = this.#options;
    const behind = channels.filter(({ name, prevId }) => {
      const last = sequence.lastId(name);
      return prevId !== undefined && last !== undefined && last !== prevId;
    });
    for (const { name } of behind) sequence.forget(name);
    return behind.length > 0;
  }

  #flush(): void {
    const { response, sequence } = this.#options;
    while (this.#state === 'holding' && !response.writableNeedDrain) {
      const item = this.#queue.shift();
      if (!item) return;
      const channel = this.#subscriptions.get(item.channel);
      if (!channel) continue;
      if (this.#subscriptions.follows(item)) this.#apply(item, channel.filters ?? []);
      else {
        sequence.forget(item.channel);
        this.#queue.length = 0;
        this.check();
      }
    }
  }

  #apply(item: PublishItem, filters: readonly string[]): void {
    const format = item.format.kind === 'http-stream' ? item.format : item.alternative;
    if (format?.kind !== 'http-stream') return;
    if (!hasContentFilters(item, filters)) {
      this.#drop(item.channel, 'the item asks for other content filters');
      return;
    }
    this.#subscriptions.advance(item);
    if ('content' in format) this.#send(item, format.content, filters);
    else if (format.action === 'close') this.#release('close');
    else if (this.#next) {
      // A hint: what waits is in the link's answer.
      this.#queue.length = 0;
      this.#follow();
    }
  }

  #send(item: PublishItem, content: string | Uint8Array, filters: readonly string[]): void {
    const subscriber = { filters, meta: this.#instruct.meta, channels: this.#subscriptions.names() };
    let filtered: Uint8Array | undefined;
    try {
      filtered = applyFilters(item, typeof content === 'string' ? Buffer.from(content) : content, subscriber);
    } catch (error) {
      this.#release('error', error instanceof Error ? error.message : String(error));
      return;
    }
    if (!filtered) return;
    this.#options.response.write(filtered);
    this.#keepAlive.touch();
    this.#active.add(item.channel);
    if (this.#active.size === subscriber.channels.size) this.#armLink();
  }

  #armLink(): void {
    this.#active.clear();
    this.#cancelLink?.();
    const seconds = this.#instruct.next?.timeoutSeconds;
    if (seconds !== undefined) this.#cancelLink = this.#options.clock.after(seconds * 1000, () => this.check());
  }

  #follow(): void {
    const { follower, response, url } = this.#options;
    const next = this.#next;
    if (!next) {
      this.#release('link');
      return;
    }
    this.#state = 'linking';
    this.#checkAgain = false;
    this.#cancelLink?.();
    follower.follow(
      { url: next, base: url, last: this.#subscriptions.last() },
      {
        head: (head) => {
          const instruct = readInstruct(head, new Uint8Array());
          if (instruct.mode === 'response') throw new Error('the next link answered with a hold that is not a stream');
          this.#next = resolveLink(instruct.next?.uri, next);
          this.#instruct = instruct;
        },
        data: (chunk) => {
          this.#keepAlive.stop();
          if (!response.write(chunk)) follower.pause();
        },
        end: () => (this.#instruct.mode === 'stream' ? this.#hold(false) : this.#follow()),
        failed: (reason) => this.#release('error', reason),
      },
    );
  }

  #drained(): void {
    if (this.#state === 'linking') this.#options.follower.resume();
    else this.#flush();
  }

  #drop(channel: string, reason: string): void {
    this.#options.emit({ type: 'dropped', id: this.#options.id, channel, reason });
  }

  #release(cause: ReleaseCause, detail?: string): void {
    const { id, emit, response } = this.#options;
    this.stop();
    emit({ type: 'released', id, cause, ...(detail === undefined ? {} : { detail }) });
    response.end();
  }
}

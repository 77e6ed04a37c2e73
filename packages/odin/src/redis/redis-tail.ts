import { guard } from '../cluster/guard.ts';
import type { TailListener } from '../cluster/message-bus.ts';
import { OdinError } from '../errors.ts';
import { continues, type Place, parseNews, parsePlace, type RawPage } from './log-page.ts';
import type { TopicListener } from './topics.ts';

/** Items that are read at a time. */
const CHUNK = 64;
/** When a reading that failed is tried again. Milliseconds. */
const RETRY_MS = 500;

export interface RedisTailOptions {
  readonly after: Place | undefined;
  readonly listener: TailListener;
  readonly read: (after: Place | undefined, limit: number) => Promise<RawPage | undefined>;
  /** Called once, when nothing more is delivered. */
  readonly onEnd: () => void;
}

/**
 * Follows one log. News come by publish/subscribe with the item in them; whatever is not the very next one, and every interruption, is
 * made good by reading the log. So an item is as fast as a message and as safe as a log.
 */
export class RedisTail implements TopicListener {
  readonly #options: RedisTailOptions;
  #reached: Place | undefined;
  /** When the log is forgotten if nothing comes, `performance.now()`. */
  #expiresAt: number = Number.POSITIVE_INFINITY;
  /** The log may be gone, or be another, without anything having been missed: it had expired before the connection broke. */
  #mayBeginAnew = false;
  #pulling = false;
  #again = false;
  /** The connection is away, or the log was not read yet: what comes in is not the whole. */
  #cut = true;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(options: RedisTailOptions) {
    this.#options = options;
    this.#reached = options.after;
  }

  message(text: string): void {
    if (this.#ended || this.#cut) return;
    if (this.#pulling) {
      this.#again = true;
      return;
    }
    const { item, place, ttlMs } = parseNews(text);
    const reached = this.#reached;
    const isSame = place.generation === reached?.generation;
    // It was read from the log before its news came.
    if (isSame && place.number <= reached.number) return;
    // Nothing was missed since the last item: a log that begins anew had expired.
    const isFirst = place.number === 1 && (!reached || place.generation > reached.generation);
    if (!isFirst && !(isSame && place.number === reached.number + 1)) return void this.#pull();
    this.#expiresAt = performance.now() + ttlMs;
    this.#deliver(item, place);
  }

  lost(heardAt: number): void {
    if (!this.#cut) this.#mayBeginAnew = this.#expiresAt <= heardAt;
    this.#cut = true;
  }

  back(): void {
    this.#cut = false;
    void this.#pull();
  }

  /** Catches up. A failure is tried again until it works. */
  async #pull(): Promise<void> {
    try {
      await this.#catchUp();
    } catch (thrown) {
      if (thrown instanceof OdinError && thrown.code === 'closed') this.end();
      if (this.#ended) return;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.#pull(), RETRY_MS);
      this.#retry.unref?.();
    }
  }

  /** @throws OdinError `cluster_unreachable` */
  begin(): Promise<void> {
    this.#cut = false;
    return this.#catchUp();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#retry);
    this.#options.onEnd();
  }

  async #catchUp(): Promise<void> {
    this.#again = true;
    if (this.#pulling) return;
    this.#pulling = true;
    try {
      while (this.#again && !this.#ended) {
        this.#again = false;
        const page = await this.#options.read(this.#reached, CHUNK);
        if (!this.#ended) this.#take(page);
      }
    } finally {
      this.#pulling = false;
    }
  }

  #take(page: RawPage | undefined): void {
    if (this.#mayBeginAnew && this.#reached && page?.generation !== this.#reached.generation) {
      this.#reached = undefined;
      this.#again = page !== undefined;
      this.#mayBeginAnew = false;
      return;
    }
    if (page ? !continues(page, this.#reached) : this.#reached) {
      this.end();
      guard(() => this.#options.listener.lost());
      return;
    }
    this.#mayBeginAnew = false;
    if (!page) return;
    this.#expiresAt = performance.now() + page.ttlMs;
    for (const item of page.items) this.#deliver(item, parsePlace(item.id));
    if (page.items.length === CHUNK) this.#again = true;
  }

  #deliver(item: { readonly id: string; readonly data: string }, place: Place | undefined): void {
    if (this.#ended) return;
    this.#reached = place;
    guard(() => this.#options.listener.item(item));
  }
}

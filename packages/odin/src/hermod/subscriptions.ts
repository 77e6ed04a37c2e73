import {
  createChannelName,
  formatHoldBody,
  formatHoldHeaders,
  type HoldInstruction,
  MAX_CHANNELS,
  type PublishItem,
} from '@asgard/grip';
import type { Principal } from '@asgard/heimdall-client';
import type { IsRevoked } from '../auth/guests.ts';
import { RpcError } from '../errors.ts';
import type { HeldFor, HeldSubscription } from '../http/holder.ts';
import { formatEvent, SSE_HEADERS } from '../http/sse.ts';
import type { Logger } from '../observability/logger.ts';
import type { RequestId } from '../protocol/answer.ts';
import type { Subscription, Topic } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import { topicKey } from '../protocol/notifications.ts';
import type { TopicBus } from '../protocol/topic-bus.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { Deadlines } from './deadlines.ts';
import type { ResolvedHermod } from './options.ts';
import { closeItem, ownChangeItem, ownFarewellItem, SUBSCRIPTION_SLOT, type TopicChannels } from './topics.ts';

/** Channels of every subscription besides its topics: its own, and the drain channel. */
const OWN_CHANNELS = 2;
/** Text that every header can carry unescaped. */
const PLAIN_ID = /^[A-Za-z0-9_.:-]*$/;
/** How long a subscription may take from the answer until the proxy holds it. */
const READINESS_MS = 2_000;

/** The end of one held subscription: the number of its own channel and the id of its request. */
interface Deadline {
  readonly number: number;
  readonly id: RequestId;
  readonly principal: Principal | undefined;
}

/**
 * `subscriptions/listen` held without this process: shared topic channels with the id filled in by the proxy, a
 * channel of its own per subscription, and the drain channel. Once the proxy holds it, nothing is kept here but
 * the time at which it has to end.
 */
export class HeldSubscriptions {
  readonly #hermod: ResolvedHermod;
  readonly #channels: Promise<TopicChannels>;
  readonly #bus: TopicBus;
  readonly #identity: JsonObject;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #deadlines: Deadlines<Deadline>;
  /**
   * Channels of this process: an unguessable start, then a number. ZeroMQ keeps the names character by character, so that what
   * they share costs nothing; a random end would cost a kilobyte and more for each.
   */
  readonly #start = globalThis.crypto.randomUUID();
  #count = 0;

  constructor(
    hermod: ResolvedHermod,
    channels: Promise<TopicChannels>,
    server: { bus: TopicBus; identity: JsonObject; logger: Logger; now: () => number },
  ) {
    this.#hermod = hermod;
    this.#channels = channels;
    this.#bus = server.bus;
    this.#identity = server.identity;
    this.#logger = server.logger;
    this.#now = server.now;
    this.#deadlines = new Deadlines((deadline) => this.#end(deadline), server.now);
  }

  close(): void {
    this.#deadlines.close();
  }

  /** Ends the subscriptions of those whose tokens were revoked. */
  revoked(isRevoked: IsRevoked): void {
    this.#deadlines.expireWhere(({ principal }) => principal !== undefined && isRevoked(principal));
  }

  /** @throws RpcError when the proxy cannot hold that many channels for one client */
  async hold(subscription: Subscription, caller: HeldFor): Promise<HeldSubscription> {
    const limit = MAX_CHANNELS - OWN_CHANNELS;
    if (subscription.topics.length > limit) {
      throw new RpcError(
        RPC.invalidParams,
        `Too many subscriptions in one request: at most ${limit} resources and lists together`,
      );
    }
    const number = this.#count++;
    const own = this.#channelOf(number);
    this.#catchUp(own, subscription.topics, caller);
    this.#endInTime(number, caller);
    return format(await this.#instruction(own, subscription, caller), subscription, caller);
  }

  async #instruction(own: string, subscription: Subscription, caller: HeldFor): Promise<HoldInstruction> {
    const { drain, channelOf } = await this.#channels;
    const shared = [...(await Promise.all(subscription.topics.map(channelOf))), drain];
    return {
      mode: 'stream',
      channels: [...shared.map((name) => ({ name, filters: ['var-subst'] })), { name: own }],
      keepAlive: { data: ':\n\n', mode: 'idle', timeoutSeconds: 20 },
      meta: { [SUBSCRIPTION_SLOT]: JSON.stringify(caller.id) },
    };
  }

  /** What changes between the acknowledgement and the moment the proxy holds the stream is told on its own channel. */
  #catchUp(own: string, topics: readonly Topic[], caller: HeldFor): void {
    const missed = new Map<string, Topic>();
    const noop = (): void => {};
    const stopListening = this.#bus.subscribe(topics, {
      changed: (topic) => missed.set(topicKey(topic), topic),
      closed: noop,
    });
    const done = (): void => {
      stopListening();
      stopWaiting();
      clearTimeout(deadline);
    };
    const stopWaiting = this.#hermod.publisher.monitor.onSubscribe((channel) => {
      if (channel !== own) return;
      done();
      for (const topic of missed.values()) this.#publish(ownChangeItem(own, topic, caller.id));
    });
    const deadline = setTimeout(done, READINESS_MS);
  }

  /** A stream does not outlive the token it was opened with. */
  #endInTime(number: number, { principal, id }: HeldFor): void {
    const untilExpiry = principal ? principal.expiresAt * 1_000 - this.#now() : Number.POSITIVE_INFINITY;
    this.#deadlines.add(this.#now() + Math.min(untilExpiry, this.#hermod.maxHoldMs), { number, id, principal });
  }

  #end({ number, id }: Deadline): void {
    const channel = this.#channelOf(number);
    this.#publish(ownFarewellItem(channel, this.#identity, id));
    this.#publish(closeItem(channel));
  }

  /** Who already left does not hear it; the proxy knows. */
  #publish(item: PublishItem): void {
    this.#hermod.publisher.publish(item).catch((error: unknown) => {
      this.#logger.warn({ error, channel: item.channel }, 'a held subscription could not be published to');
    });
  }

  #channelOf(number: number): string {
    return createChannelName({
      prefix: 'odin',
      replica: this.#hermod.replica,
      boot: this.#start,
      id: number.toString(36),
    });
  }
}

/** Headers carry the id only when it is plain ASCII; any other id goes in an application/grip-instruct body. */
function format(hold: HoldInstruction, subscription: Subscription, { id }: HeldFor): HeldSubscription {
  if (PLAIN_ID.test(String(id))) return { headers: formatHoldHeaders(hold) };
  return formatHoldBody(hold, { headers: { ...SSE_HEADERS }, body: formatEvent(subscription.acknowledgement) });
}

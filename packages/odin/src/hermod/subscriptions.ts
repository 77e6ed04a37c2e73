import { formatHoldBody, formatHoldHeaders, type HoldInstruction, MAX_CHANNELS, type PublishItem } from '@asgard/grip';
import type { Principal } from '@asgard/heimdall-client';
import type { IsRevoked } from '../auth/guests.ts';
import { RpcError } from '../errors.ts';
import type { HeldFor, HeldSubscription } from '../http/holder.ts';
import { formatEvent, SSE_HEADERS } from '../http/sse.ts';
import type { Logger } from '../observability/logger.ts';
import type { Subscription, Topic } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { TopicBus } from '../protocol/topic-bus.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { CatchUp } from './catch-up.ts';
import { Deadlines } from './deadlines.ts';
import { MissedChanges } from './missed-changes.ts';
import type { ResolvedHermod } from './options.ts';
import { Orphans } from './orphans.ts';
import { minuteOf, OwnChannels, startOfMinute } from './own-channels.ts';
import { changeItem, closeItem, farewellItem, SUBSCRIPTION_SLOT, type TopicChannels } from './topics.ts';

/** Channels of every subscription besides its topics: its own, and the drain channel. */
const OWN_CHANNELS = 2;
/** Text that every header can carry unescaped. */
const PLAIN_ID = /^[A-Za-z0-9_.:-]*$/;
/** How long a subscription may take from the answer until the proxy holds it. What comes later is closed: it has a gap. */
const READINESS_MS = 10_000;
/** How long the proxy may be out of reach before its streams count as gone. */
const ABSENCE_MS = 60_000;

/**
 * `subscriptions/listen` held without this process: shared topic channels with the id filled in by the proxy, a
 * channel of its own per subscription, and the drain channel. Once the proxy holds it, nothing is kept here but
 * the time at which it has to end, and that only as long as it is held.
 */
export class HeldSubscriptions {
  readonly #hermod: ResolvedHermod;
  readonly #channels: Promise<TopicChannels>;
  readonly #identity: JsonObject;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #own: OwnChannels;
  readonly #catchUp: CatchUp;
  readonly #missed: MissedChanges;
  /** Those that the proxy holds, or will in a moment: the minute in which each has to end. */
  readonly #held = new Map<number, number>();
  readonly #principals = new Map<number, Principal>();
  /** The numbers of those whose clients, or whose proxy, went away. */
  readonly #absent = new Set<number>();
  readonly #ends: Deadlines<number>;
  readonly #readiness: Deadlines<number>;
  readonly #absences: Deadlines<number>;
  /** Channels of streams that an earlier start of this replica has left to the proxy. */
  readonly #inherited = new Set<string>();
  readonly #inheritedEnds: Deadlines<string>;
  readonly #orphans: Orphans;
  readonly #unlisten: readonly (() => void)[];
  #count = 0;

  constructor(
    hermod: ResolvedHermod,
    channels: Promise<TopicChannels>,
    server: { name: string; bus: TopicBus; identity: JsonObject; logger: Logger; now: () => number },
  ) {
    const clock = { now: server.now, after: hermod.after };
    const durations = { now: hermod.monotonic, after: hermod.after };
    const { monitor } = hermod.publisher;
    this.#hermod = hermod;
    this.#channels = channels;
    this.#identity = server.identity;
    this.#logger = server.logger;
    this.#now = server.now;
    this.#own = new OwnChannels({
      server: server.name,
      replica: hermod.replica,
      start: globalThis.crypto.randomUUID(),
    });
    this.#catchUp = new CatchUp(server.bus);
    const tell = (topic: Topic): void => void this.#tell(topic);
    this.#missed = new MissedChanges({ bus: server.bus, ...durations, tell, keepMs: ABSENCE_MS });
    this.#ends = new Deadlines((number) => this.#end(number), clock);
    this.#readiness = new Deadlines((number) => this.#late(number), durations);
    this.#absences = new Deadlines((number) => this.#forget(number), durations);
    this.#inheritedEnds = new Deadlines((channel) => this.#endInherited(channel), clock);
    this.#orphans = new Orphans({ ...clock, end: (channel) => this.#endChannel(channel) });
    this.#unlisten = [
      monitor.onSubscribe((channel) => this.#subscribed(channel)),
      monitor.onUnsubscribe((channel) => this.#unsubscribed(channel)),
    ];
  }

  close(): void {
    for (const unlisten of this.#unlisten) unlisten();
    for (const deadlines of [this.#ends, this.#readiness, this.#absences, this.#inheritedEnds]) deadlines.close();
    this.#orphans.close();
    this.#catchUp.close();
    this.#missed.close();
  }

  /** Ends the subscriptions of those whose tokens were revoked. */
  revoked(isRevoked: IsRevoked): void {
    for (const [number, principal] of this.#principals) if (isRevoked(principal)) this.#end(number);
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
    const endsAt = this.#endOf(caller);
    const endsAtMinute = minuteOf(endsAt);
    this.#catchUp.start(number, subscription.topics);
    this.#held.set(number, endsAtMinute);
    if (caller.principal) this.#principals.set(number, caller.principal);
    this.#ends.add(endsAt, number);
    this.#readiness.add(this.#hermod.monotonic() + READINESS_MS, number);
    const own = this.#own.format({ number, endsAtMinute });
    return format(await this.#instruction(own, subscription, caller), subscription, caller);
  }

  async #instruction(own: string, subscription: Subscription, caller: HeldFor): Promise<HoldInstruction> {
    const { drain, channelOf } = await this.#channels;
    const names = [...(await Promise.all(subscription.topics.map(channelOf))), drain, own];
    return {
      mode: 'stream',
      channels: names.map((name) => ({ name, filters: ['var-subst'] })),
      keepAlive: { data: ':\n\n', mode: 'idle', timeoutSeconds: 20 },
      meta: { [SUBSCRIPTION_SLOT]: JSON.stringify(caller.id) },
    };
  }

  /** A stream does not outlive the token it was opened with. */
  #endOf({ principal }: HeldFor): number {
    const longest = this.#now() + this.#hermod.maxHoldMs;
    return principal ? Math.min(principal.expiresAt * 1_000, longest) : longest;
  }

  /** The proxy holds a stream: it hears what it missed. One that is not expected any more must not wait for ever. */
  #subscribed(channel: string): void {
    const own = this.#own.parse(channel);
    if (!own) return;
    const { number, made, endsAtMinute } = own;
    if (made === 'elsewhere') return this.#orphans.add(channel, endsAtMinute);
    if (made === 'before') return this.#inherit(channel, endsAtMinute);
    if (!this.#held.has(number)) return this.#publish(closeItem(channel));
    if (this.#absent.delete(number)) this.#missed.returned();
    for (const topic of this.#catchUp.finish(number) ?? []) this.#publish(changeItem(channel, topic));
  }

  /** The process that opened the stream is gone; its end can still be kept. */
  #inherit(channel: string, endsAtMinute: number): void {
    if (this.#inherited.has(channel)) return this.#missed.returned();
    this.#inherited.add(channel);
    this.#inheritedEnds.add(startOfMinute(endsAtMinute), channel);
  }

  #endInherited(channel: string): void {
    this.#inherited.delete(channel);
    this.#endChannel(channel);
  }

  /** It may be the way to the proxy that broke: then the stream comes back with it. */
  #unsubscribed(channel: string): void {
    const own = this.#own.parse(channel);
    if (own?.made === 'elsewhere') return this.#orphans.delete(channel);
    if (own?.made !== 'now' || !this.#held.has(own.number)) return;
    this.#absent.add(own.number);
    this.#absences.add(this.#hermod.monotonic() + ABSENCE_MS, own.number);
  }

  #forget(number: number): void {
    if (this.#absent.delete(number)) this.#drop(number);
  }

  /** While no proxy is connected, silence says nothing about the client. */
  #late(number: number): void {
    if (!this.#catchUp.isWaiting(number)) return;
    if (!this.#hermod.publisher.monitor.connected) {
      this.#readiness.add(this.#hermod.monotonic() + READINESS_MS, number);
      return;
    }
    this.#catchUp.finish(number);
    this.#drop(number);
  }

  #drop(number: number): void {
    this.#held.delete(number);
    this.#principals.delete(number);
  }

  #end(number: number): void {
    const endsAtMinute = this.#held.get(number);
    if (endsAtMinute === undefined) return;
    this.#drop(number);
    this.#absent.delete(number);
    this.#catchUp.finish(number);
    this.#endChannel(this.#own.format({ number, endsAtMinute }));
  }

  /** The proxy puts the id of the request in. */
  #endChannel(channel: string): void {
    this.#publish(farewellItem(channel, this.#identity));
    this.#publish(closeItem(channel));
  }

  async #tell(topic: Topic): Promise<void> {
    const { channelOf } = await this.#channels;
    this.#publish(changeItem(await channelOf(topic), topic));
  }

  /** Who already left does not hear it; the proxy knows. */
  #publish(item: PublishItem): void {
    this.#hermod.publisher.publish(item).catch((error: unknown) => {
      this.#logger.warn({ error, channel: item.channel }, 'a held subscription could not be published to');
    });
  }
}

/** Headers carry the id only when it is plain ASCII; any other id goes in an application/grip-instruct body. */
function format(hold: HoldInstruction, subscription: Subscription, { id }: HeldFor): HeldSubscription {
  if (PLAIN_ID.test(String(id))) return { headers: formatHoldHeaders(hold) };
  return formatHoldBody(hold, { headers: { ...SSE_HEADERS }, body: formatEvent(subscription.acknowledgement) });
}

import { createRememberingBus, type RememberingBus } from '@asgard/heimdall-client';
import { createLogout } from './auth/back-channel-logout.ts';
import { Guests, passOn, type Visit } from './auth/guests.ts';
import { createReplayStore } from './auth/replay-store.ts';
import { type ResolvedAuth, resolveAuth } from './auth/resolve.ts';
import { createRevocationBus } from './auth/revocation-bus.ts';
import { Sites } from './auth/sites.ts';
import { Membership } from './cluster/membership.ts';
import { MemoryStateStore } from './cluster/memory-state-store.ts';
import { Declarations } from './declarations.ts';
import { OdinError } from './errors.ts';
import { createHolder } from './hermod/holder.ts';
import { createNextLink } from './hermod/next-link.ts';
import { createNotify } from './hermod/notifier.ts';
import { type ResolvedHermod, resolveHermod } from './hermod/options.ts';
import { HeldSubscriptions } from './hermod/subscriptions.ts';
import { closeItem, createTopicChannels, farewellItem, type TopicChannels } from './hermod/topics.ts';
import { serveFetch } from './http/fetch.ts';
import { InFlight } from './http/in-flight.ts';
import type { HttpRequest, HttpResponder } from './http/message.ts';
import { resolveHttp } from './http/options.ts';
import { Pipeline } from './http/pipeline.ts';
import { createSeal } from './input/seal.ts';
import { createLane } from './legacy/create-lane.ts';
import type { Lane } from './legacy/lane.ts';
import type { ExchangeEvent } from './observability/exchange-event.ts';
import { createStderrLogger } from './observability/logger.ts';
import { type ExchangeObserver, Observers } from './observability/observers.ts';
import { checkNumbers, identityOf, type OdinServerOptions, parseUrl } from './options.ts';
import { formatPage } from './protocol/lists.ts';
import type { Notify } from './protocol/notify.ts';
import type { ServerParts } from './protocol/server-parts.ts';
import { createToolQuota } from './protocol/tool-quota.ts';
import { TopicBus } from './protocol/topic-bus.ts';
import { Catalog } from './registry/catalog.ts';
import { PreparedLists } from './registry/prepared-lists.ts';
import { ToolRules } from './registry/tool-rules.ts';

export interface CloseOptions {
  /**
   * How long running calls may take to finish. Those that have not by then are told, and within another half a second answered with a
   * retryable error. Milliseconds. @default 10000
   */
  readonly deadlineMs?: number;
  /**
   * Ends held subscriptions with their result. Only when the server goes for good: on a rolling restart the proxy
   * keeps them open for the next process. @default false
   */
  readonly endSubscriptions?: boolean;
}

/** An MCP server: its tools, resources and prompts, over stdio, plain HTTP, or held by a GRIP proxy. */
export class OdinServer extends Declarations {
  /** Tells subscribers of a change, wherever their streams are. */
  readonly notify: Notify;
  /** @internal What transports work with. */
  readonly parts: ServerParts;
  readonly #pipeline: Pipeline;
  readonly #auth: ResolvedAuth | undefined;
  readonly #revocations: RememberingBus;
  readonly #hermod: ResolvedHermod | undefined;
  readonly #channels: Promise<TopicChannels>;
  readonly #subscriptions: HeldSubscriptions | undefined;
  readonly #lane: Lane | undefined;
  readonly #membership: Membership | undefined;
  readonly #observers = new Observers();
  readonly #inFlight = new InFlight();
  readonly #guests: Guests;
  #closed = false;

  /** @throws OdinError `bad_option`, naming the option */
  constructor(options: OdinServerOptions) {
    const url = parseUrl(options.url);
    checkNumbers(options);
    const { now = Date.now, cluster, sessions, secrets = [randomSecret()] } = options;
    const { logger = createStderrLogger(now) } = options;
    const others = options.auth && cluster && createRevocationBus({ bus: cluster.bus, logger, now });
    const revocations = createRememberingBus(others, { now });
    const shared = { revocations, replays: cluster && createReplayStore(cluster.state) };
    const auth = resolveAuth(options.auth, { ...shared, url });
    if (options.auth?.verifier) passOn(options.auth.verifier, revocations);
    super(new Catalog(auth?.access, new ToolRules(options.toolRules)));
    const { catalog } = this;
    this.#auth = auth;
    this.#revocations = revocations;
    const identity = identityOf(options);
    const http = resolveHttp(options.http, url);
    const bus = new TopicBus(http.maxSubscriptions);
    this.#hermod = resolveHermod(options.hermod, cluster && { cluster, logger });
    const server = url?.href ?? options.name;
    this.#channels = createTopicChannels(server);
    this.#membership = cluster && new Membership(cluster, { local: (topic) => bus.publish(topic), logger });
    this.notify = createNotify(
      this.#membership?.changes ?? bus,
      this.#hermod && { publisher: this.#hermod.publisher, channels: this.#channels },
    );
    this.#subscriptions =
      this.#hermod && new HeldSubscriptions(this.#hermod, this.#channels, { name: server, bus, identity, logger, now });
    this.parts = {
      identity,
      instructions: options.instructions,
      catalog,
      lists: new PreparedLists({
        catalog,
        pageSize: options.pageSize ?? 1_000,
        format: (kind, page, era) => formatPage(kind, page, { era, identity }),
      }),
      bus,
      notify: this.notify,
      logger,
      middleware: this.middleware,
      heartbeatMs: options.heartbeatMs,
      seal: createSeal(secrets, 'request state'),
      takeCall: createToolQuota(cluster?.state ?? new MemoryStateStore({ now }), now),
      now,
      reference: () => globalThis.crypto.randomUUID(),
    };
    this.#guests = new Guests(this.#revocations);
    this.#guests.alsoTell((isRevoked) => this.#subscriptions?.revoked(isRevoked));
    this.#lane = createLane({ sessions, cluster, secrets, server, http, parts: this.parts, inFlight: this.#inFlight });
    const main = { auth: this.#auth, tenant: undefined, name: options.title ?? options.name };
    const sites = new Sites({ main, auth: options.auth, shared, logger });
    this.#pipeline = new Pipeline({
      ...{ parts: this.parts, http, sites, guests: this.#guests },
      logout: createLogout(sites, options.auth?.backChannelLogout),
      holder: this.#hermod && this.#subscriptions && createHolder(this.#hermod, this.#subscriptions),
      sessions: this.#lane,
      nextLink: this.#hermod && createNextLink(this.#hermod),
      requireProxied: this.#hermod?.required ? this.#hermod.isProxied : undefined,
      readiness: () => ({
        draining: this.#closed,
        proxyConnected: this.#hermod?.publisher.monitor.connected ?? true,
        clusterWasReached: this.#membership?.wasReached ?? true,
        owner: this.#hermod?.neighbours && this.#hermod.holds.owner,
      }),
      observers: this.#observers,
      inFlight: this.#inFlight,
      now: () => performance.now(),
    });
  }

  /** Answers a web-standard request: for Bun, Deno, Workers, Hono and tests. */
  fetch = (request: Request): Promise<Response> =>
    serveFetch(request, (neutral, responder) => this.handle(neutral, responder));

  /** @internal Answers one neutral HTTP request. Never rejects. */
  async handle(request: HttpRequest, responder: HttpResponder): Promise<void> {
    this.#inFlight.begin();
    const visit: Visit = { guest: undefined };
    try {
      this.#assertServable();
      await this.#pipeline.serve(request, responder, visit);
    } catch (error) {
      const reference = this.parts.reference();
      this.parts.logger.error({ reference, path: request.path, error }, 'a request failed');
      responder.send(
        500,
        { 'content-type': 'application/json' },
        JSON.stringify({
          jsonrpc: '2.0',
          id: null,
          error: { code: -32603, message: `Internal error. Reference: ${reference}` },
        }),
      );
    } finally {
      if (visit.guest) this.#guests.depart(visit.guest);
      this.#inFlight.end();
    }
  }

  /** @internal What a gateway proves itself with, when its word is taken for who calls. */
  get gatewayProof(): NonNullable<ResolvedAuth['gateway']>['kind'] | undefined {
    return this.#auth?.gateway?.kind;
  }

  /** @internal Called once per finished exchange. Returns what ends it. */
  onExchange(observer: ExchangeObserver): () => void {
    return this.#observers.add(observer);
  }

  /** Lets running calls finish and deliver, ends this process's own streams, and closes the connection to the proxy. */
  async close({ deadlineMs = 10_000, endSubscriptions = false }: CloseOptions = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.parts.bus.close();
    await this.#inFlight.untilIdle(deadlineMs);
    await this.#inFlight.endCalls('drained');
    this.#revocations.close();
    await this.#lane?.close();
    if (!this.#hermod) return this.#membership?.close();
    await this.#hermod.holds.drain({ deadlineMs });
    if (endSubscriptions) await this.#endSubscriptions(this.#hermod);
    this.#subscriptions?.close();
    await this.#hermod.neighbours?.undertaker.close();
    await this.#hermod.publisher.close();
    await this.#membership?.close();
  }

  async #endSubscriptions(hermod: ResolvedHermod): Promise<void> {
    const { drain } = await this.#channels;
    await hermod.publisher.publish(farewellItem(drain, this.parts.identity));
    await hermod.publisher.publish(closeItem(drain));
  }

  /** Requirements that nobody could be asked to meet would protect nothing: refused before anything is served. */
  #assertServable(): void {
    if (this.#auth || !this.parts.catalog.restricted) return;
    throw new OdinError(
      'bad_option',
      'auth: needed over HTTP, because some entries ask for scopes, roles or an organization.',
    );
  }

  /** @internal */
  tell(event: ExchangeEvent): void {
    this.#observers.tell(event);
  }
}

function randomSecret(): string {
  return `${globalThis.crypto.randomUUID()}${globalThis.crypto.randomUUID()}`;
}

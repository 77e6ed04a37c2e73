import { HeimdallError, type Principal } from '@asgard/heimdall-client';
import type { ServeLogout } from '../auth/back-channel-logout.ts';
import { challengeOf, refuseToken } from '../auth/challenge.ts';
import type { Guest, Guests, Visit } from '../auth/guests.ts';
import type { Site } from '../auth/site.ts';
import type { Sites } from '../auth/sites.ts';
import { observe } from '../observability/observe.ts';
import type { Observers } from '../observability/observers.ts';
import type { Answer, RequestId } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { Exchange, UpstreamTokens } from '../protocol/exchange.ts';
import { internalFailure } from '../protocol/failure.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import { admit } from './admission.ts';
import { type Decoded, decode } from './decode.ts';
import type { DecodedRequest } from './decoded-request.ts';
import { checkOrigin, findSite } from './guards.ts';
import { LIVE_PATH, READY_PATH, type Readiness, serveHealth } from './health.ts';
import type { Holder } from './holder.ts';
import type { InFlight } from './in-flight.ts';
import type { HttpRequest, HttpResponder } from './message.ts';
import type { ResolvedHttp } from './options.ts';
import { checkParamHeaders } from './param-headers.ts';
import { PlainRequests } from './plain-request.ts';
import { isHoldable, readBody } from './read-body.ts';
import { type Refusal, refuse, sendRefusal } from './refusal.ts';
import { Reply } from './reply.ts';
import { SESSION_HEADER, type SessionArrival, type SessionLane } from './session-lane.ts';
import { isWellKnownPath, serveWellKnown } from './well-known.ts';

/** Links of held calls are still answered then: the proxy delivers nothing on a stream whose link it cannot check. */
const SHUTTING_DOWN = refuse(503, 'Service Unavailable: this server is shutting down', {
  'retry-after': '1',
  connection: 'close',
});

export interface PipelineOptions {
  readonly parts: ServerParts;
  readonly http: ResolvedHttp;
  readonly sites: Sites;
  readonly guests: Guests;
  /** Present when the issuer may say who signed out. */
  readonly logout: ServeLogout | undefined;
  readonly holder: Holder | undefined;
  /** Absent when no sessions are kept. */
  readonly sessions: SessionLane | undefined;
  /** Answers what the proxy asks about held calls; false for any other request. */
  readonly nextLink: ((request: HttpRequest, responder: HttpResponder) => Promise<boolean>) | undefined;
  /** Present when only requests that came through the proxy are served. */
  readonly requireProxied: ((signature: string | undefined) => Promise<boolean>) | undefined;
  readonly readiness: () => Readiness;
  /** Knows the calls that run. */
  readonly inFlight: InFlight;
  /** Told of each finished exchange. */
  readonly observers: Observers;
  readonly now: () => number;
}

/** The way of a request, top to bottom. Each step refuses what the next ones need not see. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #plain = new PlainRequests();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  async serve(request: HttpRequest, responder: HttpResponder, visit: Visit): Promise<void> {
    const { http, sites, parts, readiness, nextLink, logout } = this.#options;
    if (request.path === LIVE_PATH || request.path === READY_PATH) return serveHealth(request, responder, readiness);
    if (nextLink && (await nextLink(request, responder))) return;
    if (logout && (await logout(request, responder))) return;
    if (readiness().draining) return sendRefusal(SHUTTING_DOWN, responder);
    const found = findSite(request, http, sites);
    const site = found instanceof Promise ? await found : found;
    if ('status' in site) return sendRefusal(site, responder);
    const foreign = checkOrigin(request, http, site);
    if (foreign) return sendRefusal(foreign, responder);
    if (request.path === http.path) return this.#serveMcp(request, responder, { site, visit });
    const { auth, name: serverName } = site;
    if (auth && isWellKnownPath(request.path, http.path)) {
      const scopes = (): readonly string[] => (auth.scopes.length > 0 ? auth.scopes : [...parts.catalog.scopes]);
      return serveWellKnown(request, responder, { auth, path: http.path, serverName, scopes });
    }
    return sendRefusal(refuse(404, `Not found: the MCP endpoint of this server is ${http.path}`), responder);
  }

  async #serveMcp(
    request: HttpRequest,
    responder: HttpResponder,
    { site, visit }: { readonly site: Site; readonly visit: Visit },
  ): Promise<void> {
    const startedAt = this.#options.now();
    const { sessions, requireProxied, guests } = this.#options;
    const pending = admit(request, { site, sessions: sessions !== undefined, requireProxied });
    const admitted = pending instanceof Promise ? await pending : pending;
    if (!admitted.ok) return sendRefusal(admitted.refusal, responder);
    const { principal, upstream } = admitted;
    const guest = principal && guests.arrive(principal);
    visit.guest = guest;
    // Not awaited: whatever this function knows would be kept as long as the call goes on.
    return this.#serveGuest({
      request,
      responder,
      principal,
      guest,
      upstream,
      site,
      startedAt,
      holdable: true,
    });
  }

  async #serveGuest(arrival: Arrival): Promise<void> {
    const { request, responder, guest, site } = arrival;
    const { sessions } = this.#options;
    if (request.method !== 'POST' && sessions) return this.#serveSession(sessions, arrival);
    const body = await readBody(request, this.#options.http.maxBodyBytes);
    if (typeof body !== 'string') return sendRefusal(body, responder);
    // A body may take its time.
    if (guest?.revoked && site.auth) return sendRefusal(refuseToken(site.auth, tokenRevoked()), responder);
    const decoded = decode(request, body, this.#plain);
    if (decoded.kind === 'refused') return sendRefusal(decoded.refusal, responder);
    if (sessions && isOfSession(request, decoded))
      return sessions.post(
        decoded,
        this.#sessionArrival(
          { ...arrival, holdable: isHoldable(body) },
          decoded.kind === 'request' ? decoded.request.id : undefined,
        ),
      );
    if (decoded.kind === 'accepted') return responder.send(202, {});
    const mismatch = this.#checkMirrored(request, decoded.request);
    if (mismatch) return sendRefusal(mismatch, responder);
    return this.#exchange(decoded.request, { ...arrival, holdable: isHoldable(body) });
  }

  #serveSession(sessions: SessionLane, arrival: Arrival): Promise<void> {
    const session = this.#sessionArrival(arrival);
    return arrival.request.method === 'GET' ? sessions.get(session) : sessions.delete(session);
  }

  /** @param id of the request, if the answer is one to a request */
  #sessionArrival(arrival: Arrival, id?: RequestId): SessionArrival {
    const { request, responder, principal, guest, upstream, site, startedAt, holdable } = arrival;
    const { holder, guests } = this.#options;
    const open = (opened: Holder) => () => opened.open(request, { id, principal });
    return {
      request,
      responder,
      principal,
      tenant: site.tenant,
      upstream,
      hold: holder && holdable && request.header('grip-sig') !== undefined ? open(holder) : undefined,
      headersOf: (answer) => challengeOf(answer, site.auth, principal),
      onRevoked: (listener) => (guest ? guests.follow(guest, listener) : () => {}),
      finished: (exchange, answer, reply) => this.#observe(exchange, answer, { reply, startedAt }),
    };
  }

  #checkMirrored(request: HttpRequest, decoded: DecodedRequest): Refusal | undefined {
    if (decoded.era !== 'modern' || decoded.method !== 'tools/call') return undefined;
    const { name } = decoded.params;
    const tool = typeof name === 'string' ? this.#options.parts.catalog.tools.get(name) : undefined;
    return tool && tool.mirrored.length > 0 ? checkParamHeaders(request, tool.mirrored, decoded) : undefined;
  }

  async #exchange(decoded: DecodedRequest, arrival: Arrival): Promise<void> {
    const { parts, http, holder, inFlight } = this.#options;
    const { request, responder, principal, guest, site } = arrival;
    const cancellation = new Cancellation();
    const caller = { id: decoded.id, principal };
    const reply = new Reply({
      id: decoded.id,
      era: decoded.era,
      responder,
      cancellation,
      endsWithClient: decoded.era === 'modern' || this.#options.sessions === undefined,
      patienceMs: http.patienceMs,
      keepAliveMs: http.keepAliveMs,
      headersOf: (answer) => challengeOf(answer, site.auth, principal),
      failed: (error) => internalFailure(error, decoded, parts),
      ...(principal && { lifeMs: () => principal.expiresAt * 1_000 - parts.now() }),
      ...(holder &&
        arrival.holdable &&
        request.header('grip-sig') !== undefined && {
          hold: {
            open: () => holder.open(request, caller),
            subscribe: (subscription) => holder.subscribe(request, subscription, caller),
            release: () => request.release(),
          },
        }),
    });
    request.onDisconnect(() => reply.disconnected());
    const { id, method, params, meta, era, protocolVersion, client } = decoded;
    const exchange: Exchange = {
      id,
      method,
      params,
      meta,
      era,
      protocolVersion,
      client,
      principal,
      tenant: site.tenant,
      upstream: arrival.upstream,
      cancellation,
      sink: reply,
    };
    guest?.onRevoked(() => void reply.revoke());
    inFlight.enter(reply);
    try {
      const answer = await dispatch(exchange, parts);
      if (answer.kind !== 'delegated') await reply.finish(answer);
      this.#observe(exchange, answer, { reply, startedAt: arrival.startedAt });
    } finally {
      inFlight.leave(reply);
    }
  }

  #observe(exchange: Exchange, answer: Answer, { reply, startedAt }: Outcome): void {
    const { observers, now } = this.#options;
    if (!observers.wanted) return;
    observers.tell(
      observe(exchange, answer, { reply: reply.kind, status: reply.status, durationMs: now() - startedAt }),
    );
  }
}

function tokenRevoked(): HeimdallError {
  return new HeimdallError('token_revoked', 'The access token was revoked while the request came in.');
}

/** Messages of an older era that begin a session or have one. Requests of 2026-07-28 never do. */
function isOfSession(request: HttpRequest, decoded: Exclude<Decoded, { kind: 'refused' }>): boolean {
  if (decoded.kind === 'accepted') return decoded.message !== undefined && request.header(SESSION_HEADER) !== undefined;
  const { era, method } = decoded.request;
  return era === 'legacy' && (method === 'initialize' || request.header(SESSION_HEADER) !== undefined);
}

interface Outcome {
  readonly reply: { readonly kind: 'json' | 'sse' | 'held'; readonly status: number };
  readonly startedAt: number;
}

interface Arrival {
  readonly request: HttpRequest;
  readonly responder: HttpResponder;
  readonly principal: Principal | undefined;
  /** The same caller, as somebody whose token can be revoked. */
  readonly guest: Guest | undefined;
  readonly upstream: UpstreamTokens | undefined;
  readonly site: Site;
  readonly startedAt: number;
  readonly holdable: boolean;
}

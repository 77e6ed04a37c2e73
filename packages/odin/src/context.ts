import type { ExchangedToken, Principal } from '@asgard/heimdall-client';
import type { OutputOf, Schema } from './define/schema.ts';
import { OdinError } from './errors.ts';
import type {
  AnswerTo,
  FormAnswer,
  FormQuestion,
  Question,
  Root,
  SampleAnswer,
  SampleQuestion,
  UrlAnswer,
  UrlQuestion,
} from './input/question.ts';
import { InputRounds } from './input/rounds.ts';
import type { RequestId } from './protocol/answer.ts';
import type { ClientIdentity, Exchange, TenantIdentity } from './protocol/exchange.ts';
import type { JsonObject } from './protocol/json.ts';
import { formatNotification } from './protocol/notifications.ts';
import type { Notify } from './protocol/notify.ts';
import { LOG_LEVELS, type LogLevel, META } from './protocol/vocabulary.ts';

/** Writes `notifications/message` to the caller, if the request (`_meta` logLevel) or its session asked for that level. */
export type ContextLog = Readonly<Record<LogLevel, (data: unknown, logger?: string) => Promise<void>>>;

/** What a handler knows of its call and can say while it runs. State of a request lives here, never on the instance. */
export interface OdinContext {
  readonly requestId: RequestId;
  /** Aborts when the client leaves, cancels, or may not wait any longer. Pass it on to what you await. */
  readonly signal: AbortSignal;
  /** The verified caller; undefined over stdio and on servers without `auth`. */
  readonly principal: Principal | undefined;
  /** Whose host the call came to; undefined on the server's own. */
  readonly tenant: TenantIdentity | undefined;
  readonly protocolVersion: string;
  readonly client: ClientIdentity;
  /** `_meta` of the request, as sent. */
  readonly meta: JsonObject;
  readonly log: ContextLog;
  readonly notify: Notify;
  /**
   * Reports progress, when the request carries a progress token. Values that do not increase, or are not finite, are dropped
   * (MCP 2026-07-28, basic/utilities/progress). Await it to go at the reader's pace.
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /**
   * Asks the user. From 2026-07-28 on the handler is left at the first question without an answer and run again from
   * its start when the client has it, so do nothing before it that must not happen twice, or `remember` it.
   *
   * @param key names the question within this call; the same on every run
   * @throws RpcError -32021 when the client did not declare that it can ask its user
   */
  elicit<S extends Schema>(key: string, question: FormQuestion<S>): Promise<FormAnswer<OutputOf<S>>>;
  elicit(key: string, question: UrlQuestion): Promise<UrlAnswer>;
  /** Asks the client's model. Deprecated by the protocol from 2026-07-28 on; as `elicit` otherwise. */
  sample(key: string, question: SampleQuestion['sample']): Promise<SampleAnswer>;
  /** Asks for the client's folders. Deprecated by the protocol from 2026-07-28 on; as `elicit` otherwise. */
  roots(key?: string): Promise<readonly Root[]>;
  /** Asks several things at once, in one round. */
  input<const Q extends Readonly<Record<string, Question>>>(
    questions: Q,
  ): Promise<{ readonly [K in keyof Q]: AnswerTo<Q[K]> }>;
  /**
   * A token for another service, in the caller's name and for that service only (RFC 8693). The caller's own token is
   * never handed on: MCP forbids it, since it was made for this server.
   *
   * @throws OdinError `bad_option` without `auth.exchange`; HeimdallError when the issuer refuses
   */
  exchangeToken(request: { readonly audience: string; readonly scope?: string }): Promise<ExchangedToken>;
  /**
   * Computes a value once per call: later runs of the handler get the first one back, whatever replica they are on.
   * It travels with the client, sealed, so it must be JSON and small.
   */
  remember<T>(key: string, make: () => T | Promise<T>): Promise<T>;
  /**
   * Ends the connection of this call, not the call: the client comes back for the rest (MCP 2025-11-25,
   * basic/transports, "Sending Messages to the Server"; SEP-1699). Does nothing where clients cannot come back.
   */
  closeStream(): void;
}

/** Progress must increase (basic/utilities/progress); a heartbeat moves it by as good as nothing. */
const HEARTBEAT_STEP = 1e-6;

/** @internal One exchange's context. A class, so that a call pays for one small object. */
export class ExchangeContext implements OdinContext {
  readonly #exchange: Exchange;
  readonly notify: Notify;
  #log: ContextLog | undefined;
  #reached = Number.NEGATIVE_INFINITY;
  #reportedAt = performance.now();

  #rounds: InputRounds | undefined;

  constructor(exchange: Exchange, notify: Notify, rounds?: InputRounds) {
    this.#exchange = exchange;
    this.notify = exchange.tenant ? notify.forTenant(exchange.tenant.host) : notify;
    this.#rounds = rounds;
  }

  /** True when the handler asked something that has no answer yet. */
  get waiting(): boolean {
    return this.#rounds !== undefined && this.#rounds.open.size > 0;
  }

  get rounds(): InputRounds {
    this.#rounds ??= new InputRounds(this.#exchange);
    return this.#rounds;
  }

  get requestId(): RequestId {
    return this.#exchange.id;
  }
  get signal(): AbortSignal {
    return this.#exchange.cancellation.signal;
  }
  get principal(): Principal | undefined {
    return this.#exchange.principal;
  }
  get tenant(): TenantIdentity | undefined {
    return this.#exchange.tenant;
  }
  get protocolVersion(): string {
    return this.#exchange.protocolVersion;
  }
  get client(): ClientIdentity {
    return this.#exchange.client;
  }
  get meta(): JsonObject {
    return this.#exchange.meta;
  }
  get log(): ContextLog {
    this.#log ??= createLog(this.#exchange);
    return this.#log;
  }

  /** Reports the smallest progress there is whenever the handler was silent for that long. Returns what ends it. */
  beat(everyMs: number): (() => void) | undefined {
    if (!this.#wantsProgress) return undefined;
    const timer = setInterval(() => {
      if (performance.now() - this.#reportedAt < everyMs) return;
      void this.progress(this.#reached === Number.NEGATIVE_INFINITY ? 0 : stepAfter(this.#reached)).catch(() => {});
    }, everyMs / 2);
    return () => clearInterval(timer);
  }

  get #wantsProgress(): boolean {
    const token = this.#exchange.meta.progressToken;
    return typeof token === 'string' || typeof token === 'number';
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    return forgettable(this.#report(progress, total, message));
  }

  async #report(progress: number, total?: number, message?: string): Promise<void> {
    const token = this.#exchange.meta.progressToken;
    if (!this.#wantsProgress || token === undefined) return;
    if (!Number.isFinite(progress) || progress <= this.#reached || this.#exchange.cancellation.cancelled) return;
    this.#reached = progress;
    this.#reportedAt = performance.now();
    const params = {
      progressToken: token,
      progress,
      ...(total !== undefined && Number.isFinite(total) && { total }),
      ...(message !== undefined && { message }),
    };
    await this.#exchange.sink.send(formatNotification('notifications/progress', params));
  }

  elicit(key: string, question: Question): Promise<never> {
    return this.rounds.ask(key, question) as Promise<never>;
  }

  sample(key: string, sample: SampleQuestion['sample']): Promise<SampleAnswer> {
    return this.rounds.ask(key, { sample }) as Promise<SampleAnswer>;
  }

  roots(key = 'roots'): Promise<readonly Root[]> {
    return this.rounds.ask(key, { roots: true }) as Promise<readonly Root[]>;
  }

  async input<const Q extends Readonly<Record<string, Question>>>(
    questions: Q,
  ): Promise<{ readonly [K in keyof Q]: AnswerTo<Q[K]> }> {
    const ask = async ([key, question]: [string, Question]): Promise<[string, unknown]> => [
      key,
      await this.rounds.ask(key, question),
    ];
    return Object.fromEntries(await Promise.all(Object.entries(questions).map(ask))) as {
      readonly [K in keyof Q]: AnswerTo<Q[K]>;
    };
  }

  async exchangeToken(request: { readonly audience: string; readonly scope?: string }): Promise<ExchangedToken> {
    const { upstream } = this.#exchange;
    if (!upstream)
      throw new OdinError(
        'bad_option',
        'ctx.exchangeToken: needs the option auth.exchange, and a caller with a token.',
      );
    return upstream.exchange(request);
  }

  remember<T>(key: string, make: () => T | Promise<T>): Promise<T> {
    return this.rounds.remember(key, make);
  }

  closeStream(): void {
    this.#exchange.sink.closeStream?.();
  }
}

/** The next number at least: a step that is lost in rounding would not be told. */
function stepAfter(reached: number): number {
  return reached + Math.max(HEARTBEAT_STEP, Math.abs(reached) * Number.EPSILON);
}

/** A handler need not await what it says: a failure to say it must not end the process. */
function forgettable(said: Promise<void>): Promise<void> {
  said.catch(() => {});
  return said;
}

function createLog(exchange: Exchange): ContextLog {
  const asked = LOG_LEVELS.indexOf(exchange.session?.logLevel ?? (exchange.meta[META.logLevel] as LogLevel));
  const write = async (level: LogLevel, data: unknown, logger?: string): Promise<void> => {
    if (asked < 0 || LOG_LEVELS.indexOf(level) < asked || exchange.cancellation.cancelled) return;
    const params = { level, data: (data ?? null) as JsonObject, ...(logger !== undefined && { logger }) };
    await exchange.sink.send(formatNotification('notifications/message', params));
  };
  return Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (data: unknown, logger?: string) => forgettable(write(level, data, logger))]),
  ) as ContextLog;
}

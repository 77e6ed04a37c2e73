import type { Principal } from '@asgard/heimdall-client';
import type { RequestId } from './protocol/answer.ts';
import type { ClientIdentity, Exchange } from './protocol/exchange.ts';
import type { JsonObject } from './protocol/json.ts';
import { formatNotification } from './protocol/notifications.ts';
import type { Notify } from './protocol/notify.ts';
import { LOG_LEVELS, type LogLevel, META } from './protocol/vocabulary.ts';

/** Writes `notifications/message` to the caller, if the request asked for that level (`_meta` logLevel). */
export type ContextLog = Readonly<Record<LogLevel, (data: unknown, logger?: string) => Promise<void>>>;

/** What a handler knows of its call and can say while it runs. State of a request lives here, never on the instance. */
export interface OdinContext {
  readonly requestId: RequestId;
  /** Aborts when the client leaves, cancels, or may not wait any longer. Pass it on to what you await. */
  readonly signal: AbortSignal;
  /** The verified caller; undefined over stdio and on servers without `auth`. */
  readonly principal: Principal | undefined;
  readonly protocolVersion: string;
  readonly client: ClientIdentity;
  /** `_meta` of the request, as sent. */
  readonly meta: JsonObject;
  readonly log: ContextLog;
  readonly notify: Notify;
  /**
   * Reports progress, when the request carries a progress token. Values that do not increase are dropped
   * (MCP 2026-07-28, basic/utilities/progress). Await it to go at the reader's pace.
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
}

/** @internal One exchange's context. A class, so that a call pays for one small object. */
export class ExchangeContext implements OdinContext {
  readonly #exchange: Exchange;
  readonly notify: Notify;
  #log: ContextLog | undefined;
  #reached = Number.NEGATIVE_INFINITY;

  constructor(exchange: Exchange, notify: Notify) {
    this.#exchange = exchange;
    this.notify = notify;
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

  async progress(progress: number, total?: number, message?: string): Promise<void> {
    const token = this.#exchange.meta.progressToken;
    if (typeof token !== 'string' && typeof token !== 'number') return;
    if (!(progress > this.#reached) || this.#exchange.cancellation.cancelled) return;
    this.#reached = progress;
    const params = {
      progressToken: token,
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    };
    await this.#exchange.sink.send(formatNotification('notifications/progress', params));
  }
}

function createLog(exchange: Exchange): ContextLog {
  const asked = LOG_LEVELS.indexOf(exchange.meta[META.logLevel] as LogLevel);
  const write = async (level: LogLevel, data: unknown, logger?: string): Promise<void> => {
    if (asked < 0 || LOG_LEVELS.indexOf(level) < asked || exchange.cancellation.cancelled) return;
    const params = { level, data: (data ?? null) as JsonObject, ...(logger !== undefined && { logger }) };
    await exchange.sink.send(formatNotification('notifications/message', params));
  };
  return Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (data: unknown, logger?: string) => write(level, data, logger)]),
  ) as ContextLog;
}

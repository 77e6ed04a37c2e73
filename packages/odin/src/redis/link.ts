import { OdinError } from '../errors.ts';
import type { ResolvedRedis, Settings } from './options.ts';
import { type ScriptedRedis, withScripts } from './scripts.ts';
import { adviceOn } from './tls-advice.ts';

/** How often a quiet connection is tried. Milliseconds. */
const PING_MS = 5_000;
/** Longest pause between two attempts to connect. Milliseconds. */
const MAX_RETRY_MS = 1_000;

export interface LinkEvents {
  /** Every time that the connection is there, also again. */
  readonly onReady?: (redis: ScriptedRedis) => void;
  /** Every time that it is lost. */
  readonly onLost?: () => void;
  readonly onMessage?: (channel: string, message: string) => void;
  /** The connection was tried, and is good. */
  readonly onPong?: () => void;
}

/** One connection that comes back by itself. What is asked of it while it is away fails at once. */
export class Link {
  readonly #options: ResolvedRedis;
  readonly #events: LinkEvents;
  readonly #firstAttempt: Promise<void>;
  readonly #ping: ReturnType<typeof setInterval>;
  #redis: ScriptedRedis | undefined;
  #problem: unknown;
  #pending = 0;
  #lostAt: number | undefined;
  #closed = false;

  constructor(options: ResolvedRedis, events: LinkEvents = {}) {
    this.#options = options;
    this.#events = events;
    this.#firstAttempt = this.#connect();
    this.#ping = setInterval(() => void this.#tryOut(), PING_MS);
    this.#ping.unref?.();
  }

  get connected(): boolean {
    return this.#redis?.status === 'ready';
  }

  /** @throws OdinError `cluster_unreachable`, `closed` or `redis_missing` */
  async run<T>(command: (redis: ScriptedRedis) => Promise<T>): Promise<T> {
    if (!this.connected) await this.#firstAttempt;
    const redis = this.#redis;
    if (this.#closed) throw new OdinError('closed', 'The shared state was closed, and cannot be used any more.');
    if (redis?.status !== 'ready') throw this.#unreachable(this.#problem);
    if (this.#pending >= this.#options.maxPending) throw this.#unreachable(new Error('too many commands wait for it'));
    this.#pending += 1;
    try {
      return await command(redis);
    } catch (thrown) {
      throw this.#unreachable(thrown);
    } finally {
      this.#pending -= 1;
    }
  }

  /** Lets commands that are under way finish, within their time, and goes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#ping);
    await this.#firstAttempt;
    const redis = this.#redis;
    if (!redis) return;
    if (redis.status === 'ready') await redis.quit().catch(() => {});
    redis.disconnect();
  }

  /** Ends the connection, to make a new one. */
  renew(): void {
    this.#redis?.disconnect(true);
  }

  async #connect(): Promise<void> {
    try {
      const redis = withScripts(await this.#options.connect(this.#settings()));
      this.#redis = redis;
      redis.on('error', (error: unknown) => this.#fail(error));
      redis.on('close', () => this.#lose());
      redis.on('ready', () => this.#regain(redis));
      redis.on('message', (channel: string, message: string) => this.#events.onMessage?.(channel, message));
      await new Promise<void>((resolve) => {
        redis.once('ready', resolve);
        redis.once('close', resolve);
        // Behind Sentinel nothing is opened, so nothing closes, until one of them answers.
        redis.once('error', () => resolve());
      });
    } catch (thrown) {
      this.#problem = thrown;
      const error = thrown instanceof OdinError ? thrown : this.#unreachable(thrown);
      this.#options.logger.error({ error }, 'the shared state cannot be used');
    }
  }

  /** A server that is frozen shows only when it is asked. */
  async #tryOut(): Promise<void> {
    if (!this.connected) return;
    await this.run((redis) => redis.ping()).then(
      () => this.#events.onPong?.(),
      () => {},
    );
  }

  #settings(): Settings {
    const { commandTimeoutMs } = this.#options;
    const retry = (attempt: number): number =>
      Math.min(50 * 2 ** Math.min(attempt, 5), MAX_RETRY_MS) * (0.5 + Math.random() / 2);
    return {
      lazyConnect: false,
      connectTimeout: commandTimeoutMs * 2,
      commandTimeout: commandTimeoutMs,
      // A timer of it would keep a process that has closed.
      disconnectTimeout: 100,
      // A server that is frozen, or behind a network that swallows everything, leaves the connection open.
      socketTimeout: commandTimeoutMs * 2,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // Nobody knows whether it was executed.
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      retryStrategy: retry,
      // Without it nobody would ask again once none of them had answered.
      sentinelRetryStrategy: retry,
      sentinelCommandTimeout: commandTimeoutMs,
      // A master that was replaced takes writes for seconds more, which are lost: Sentinel tells at once.
      failoverDetector: true,
      // After a failover the old address may lead to a copy.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
      replyMapping: 'legacy',
      stringNumbers: false,
    };
  }

  #fail(error: unknown): void {
    this.#problem = error;
    this.#lose();
  }

  #lose(): void {
    if (this.#closed || this.#lostAt !== undefined) return;
    this.#lostAt = performance.now();
    this.#options.logger.error({ error: this.#unreachable(this.#problem) }, 'the shared state is out of reach');
    this.#events.onLost?.();
  }

  #regain(redis: ScriptedRedis): void {
    if (this.#closed) return;
    if (this.#lostAt !== undefined) {
      const seconds = Math.round((performance.now() - this.#lostAt) / 100) / 10;
      this.#options.logger.warn({ where: this.#options.where, seconds }, 'the shared state is back');
    }
    this.#lostAt = undefined;
    this.#problem = undefined;
    this.#events.onReady?.(redis);
  }

  /** Without what Redis was told: errors of the client carry the arguments of the command, of AUTH as well. */
  #unreachable(thrown: unknown): OdinError {
    if (thrown instanceof OdinError) return thrown;
    const { where, password } = this.#options;
    const text = thrown instanceof Error ? thrown.message : 'the connection was lost';
    const why = `${password ? text.replaceAll(password, '********') : text}${adviceOn(thrown)}`;
    return new OdinError('cluster_unreachable', `The shared state in Redis at ${where} cannot be used: ${why}`, {
      cause: new Error(why),
    });
  }
}

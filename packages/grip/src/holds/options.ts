import { GripError } from '../errors.ts';
import type { MonitoredPublisher } from '../publish/publisher.ts';
import type { KeepAlive } from '../wire/keep-alive.ts';
import { type Clock, type ClockOptions, createClock } from './clock.ts';
import type { RecoveryOptions } from './lease.ts';

/** Options of {@link createHolds}. */
export interface HoldsOptions extends ClockOptions {
  /** Publishes, and tells when holds are live and gone. It stays the caller's: `close()` does not close it. */
  readonly publisher: MonitoredPublisher;
  /**
   * Stable id of this replica, 1 to 64 of A-Z a-z 0-9 _ -. No two running processes may share one.
   * @default a random one
   */
  readonly replica?: string;
  /** First part of channel names. @default 'hold' */
  readonly prefix?: string;
  /** Milliseconds from `answered()` within which the proxy must have taken the hold over. @default 2_000 */
  readonly readinessTimeoutMs?: number;
  /** What the proxy writes to silent streams; `false` for nothing. @default a comment after 20 s of silence */
  readonly keepAlive?: KeepAlive | false;
  /** Longest life of a hold in milliseconds. @default 3_600_000 */
  readonly maxHoldMs?: number;
  /** Milliseconds that an expired or drained hold has for its last block before it is closed. @default 1_000 */
  readonly graceMs?: number;
  /** Open holds; more are refused. @default 50_000 */
  readonly maxHolds?: number;
  /** Bytes of blocks that may wait for one hold. @default 1_048_576 */
  readonly maxBytesPerHold?: number;
  /**
   * Numbers every item and gives each stream a next link, so that the proxy notices what it missed and asks for it. Without,
   * a stream whose server dies stays open and silent until its client gives up.
   * @default none
   */
  readonly recovery?: RecoveryOptions;
  /** Unguessable ids. @default crypto.randomUUID */
  readonly randomUUID?: () => string;
}

/** Recovery with its defaults. */
export interface Recovery extends Required<RecoveryOptions> {
  /** How long an ended stream can still be asked for: longer than the proxy waits before it asks. */
  readonly retainMs: number;
}

/** Every option with its value. */
export interface HoldsSettings {
  readonly publisher: MonitoredPublisher;
  readonly clock: Clock;
  readonly replica: string;
  readonly prefix: string;
  readonly boot: string;
  readonly readinessTimeoutMs: number;
  readonly keepAlive: KeepAlive | undefined;
  readonly maxHoldMs: number;
  readonly graceMs: number;
  readonly maxHolds: number;
  readonly maxBytesPerHold: number;
  readonly recovery: Recovery | undefined;
  readonly randomId: () => string;
}

/** The proxy asks at most ten times a second for all of its streams together, so it may be late. */
const RETAIN_SPARE_MS = 30_000;

const MAX_NUMBER = 2_147_483_647;

const DEFAULT_KEEP_ALIVE: KeepAlive = { data: ':\n\n', mode: 'idle', timeoutSeconds: 20 };

/** Reads the options once; refuses what cannot work. */
export function normalizeHoldsOptions(options: HoldsOptions): HoldsSettings {
  const { publisher, keepAlive = DEFAULT_KEEP_ALIVE, randomUUID = () => globalThis.crypto.randomUUID() } = options;
  const randomId = (): string => randomUUID().replaceAll('-', '');
  if (!publisher?.monitor) {
    throw new GripError('bad_option', '`publisher` must have a monitor, such as createXpubPublisher() makes', {
      field: 'publisher',
    });
  }
  return {
    publisher,
    clock: createClock(options),
    replica: checkId('replica', options.replica ?? randomId()),
    prefix: checkId('prefix', options.prefix ?? 'hold'),
    boot: randomId().slice(0, 12),
    readinessTimeoutMs: checkNumber('readinessTimeoutMs', options.readinessTimeoutMs ?? 2_000),
    keepAlive: keepAlive === false ? undefined : keepAlive,
    maxHoldMs: checkNumber('maxHoldMs', options.maxHoldMs ?? 3_600_000),
    graceMs: checkNumber('graceMs', options.graceMs ?? 1_000, 0),
    maxHolds: checkNumber('maxHolds', options.maxHolds ?? 50_000),
    maxBytesPerHold: checkNumber('maxBytesPerHold', options.maxBytesPerHold ?? 1_048_576),
    recovery: options.recovery && normalizeRecovery(options.recovery),
    randomId,
  };
}

function normalizeRecovery(options: RecoveryOptions): Recovery {
  const { url, timeoutSeconds = 60 } = options;
  if (!/^(?:\/(?!\/)|https?:\/\/[^/]+\/)/.test(url) || /[\s<>,;"\\?#]/.test(url)) {
    throw new GripError('bad_option', '`recovery.url` must be a path or an absolute http URL, without query', {
      field: 'recovery.url',
    });
  }
  checkNumber('recovery.timeoutSeconds', timeoutSeconds);
  return {
    ...options,
    url: url.replace(/\/+$/, ''),
    timeoutSeconds,
    retainMs: timeoutSeconds * 1_000 + RETAIN_SPARE_MS,
  };
}

function checkId(field: string, value: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    throw new GripError('bad_option', `\`${field}\` must be 1 to 64 of A-Z a-z 0-9 _ -, not ${JSON.stringify(value)}`, {
      field,
    });
  }
  return value;
}

/** A whole number; no timer waits longer than the largest. */
function checkNumber(field: string, value: number, min = 1): number {
  if (!Number.isInteger(value) || value < min || value > MAX_NUMBER) {
    const range = `a whole number from ${min} to ${MAX_NUMBER}`;
    throw new GripError('bad_option', `\`${field}\` must be ${range}, not ${value}`, { field });
  }
  return value;
}

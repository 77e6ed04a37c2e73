/** Ends a tail or a subscription: nothing is delivered after the call. May be called again. */
export type Stop = () => void;

export interface LogItem {
  readonly id: string;
  readonly data: string;
}

export interface AppendOptions {
  /** Items that are kept; the oldest go first. */
  readonly maxLen: number;
  /** Characters of data that are kept; the oldest items go first, the newest always stays. @default no limit */
  readonly maxChars?: number;
  /** When the whole log is forgotten, from this append on. Milliseconds. */
  readonly ttlMs: number;
}

export interface LogPage {
  readonly items: readonly LogItem[];
  /** Items between the one asked for and the first of these are gone. */
  readonly truncated: boolean;
}

export interface TailListener {
  item(item: LogItem): void;
  /** Items that were not delivered yet are gone. Nothing more is delivered. */
  lost(): void;
}

/**
 * Messages between replicas. Logs keep what they are given, in order, within their limits, and say when something is
 * missing; topics deliver to those who listen now and keep nothing. A listener that throws must not harm another.
 */
export interface MessageBus {
  /** Adds an item. Gives its id; ids of one log increase. */
  append(log: string, data: string, options: AppendOptions): Promise<string>;
  /** Items after an id, oldest first; from the first one ever when `after` is undefined. */
  read(log: string, after: string | undefined, limit: number): Promise<LogPage>;
  /** Everything after an id, in order, at least once, then what comes. The log need not exist yet. */
  tail(log: string, after: string | undefined, listener: TailListener): Promise<Stop>;
  /** At most once, to whoever listens at this moment. */
  publish(topic: string, data: string): Promise<void>;
  /** Resolves when it is live: what is published afterwards is delivered. */
  subscribe(topic: string, listener: (data: string) => void): Promise<Stop>;
}

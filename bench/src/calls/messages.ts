/** What the benchmark asks a server process, and what it says. */
export type Question = 'usage' | 'end';

export interface Ready {
  readonly kind: 'ready';
  readonly port: number;
  /** From the first line of the program to listening. Milliseconds. */
  readonly startMs: number;
  /** To be sent with every request. */
  readonly token?: string;
}

export interface Usage {
  readonly kind: 'usage';
  /** User and system time since the process began. Microseconds. */
  readonly cpuMicros: number;
  /** Bytes. */
  readonly rss: number;
  /** 99th percentile since the last question. Milliseconds. */
  readonly eventLoopDelayMs: number;
}

export type Told = Ready | Usage;

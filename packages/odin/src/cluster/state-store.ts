export interface SetOptions {
  /** When the value is forgotten. Milliseconds; never earlier, soon after. */
  readonly ttlMs: number;
  /** Only when there is no value, or only in place of that one. */
  readonly if?: 'absent' | { readonly is: string };
}

/**
 * Small values that all replicas see. Every call is atomic and linearizable per key; an implementation must not
 * answer from a cache, and must reject rather than wait for a store that is not there.
 */
export interface StateStore {
  get(key: string): Promise<string | undefined>;
  /** False when the condition does not hold; then nothing was changed. */
  set(key: string, value: string, options: SetOptions): Promise<boolean>;
  /** Renews the time of a value, if it is still that one. False when it is not. */
  touch(key: string, ttlMs: number, is?: string): Promise<boolean>;
  /** Forgets a value, if it is still that one. False when it is not. */
  delete(key: string, is?: string): Promise<boolean>;
}

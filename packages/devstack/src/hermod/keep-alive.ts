import type { KeepAlive } from '@asgard/grip';
import type { Cancel, Clock } from './clock.ts';

/** Up to this much is taken off each wait at random, so that many streams do not write in step. */
const SPREAD_MS = 1000;

/** Writes a stream's keep-alive data when it is due. */
export interface KeepAliveTimer {
  /** Takes over an instruction; runs when one is given and the timer is not running yet. */
  start(keepAlive: KeepAlive | undefined): void;
  /** Content was written: in idle mode the wait begins again. */
  touch(): void;
  stop(): void;
}

export function createKeepAliveTimer(clock: Clock, write: (data: Uint8Array) => void): KeepAliveTimer {
  let current: KeepAlive | undefined;
  let cancel: Cancel | undefined;

  function stop(): void {
    cancel?.();
    cancel = undefined;
  }

  function arm(keepAlive: KeepAlive): void {
    stop();
    const ms = Math.max(keepAlive.timeoutSeconds * 1000 - Math.floor(clock.random() * SPREAD_MS), 0);
    cancel = clock.after(ms, () => {
      cancel = undefined;
      write(typeof keepAlive.data === 'string' ? Buffer.from(keepAlive.data) : keepAlive.data);
      if (current) arm(current);
    });
  }

  return {
    start(keepAlive) {
      current = keepAlive;
      if (!keepAlive) stop();
      else if (!cancel) arm(keepAlive);
    },
    touch() {
      if (current?.mode === 'idle') arm(current);
    },
    stop,
  };
}

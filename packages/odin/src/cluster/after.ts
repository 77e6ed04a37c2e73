/** Runs something once, that many milliseconds from now. Returns what takes it back. */
export type After = (ms: number, run: () => void) => () => void;

/** By a timer of the runtime, which does not keep a process alive. */
export const afterOnTimer: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  (timer as { unref?: () => void }).unref?.();
  return () => clearTimeout(timer);
};

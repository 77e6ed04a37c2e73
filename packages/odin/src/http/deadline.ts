import { MAX_DELAY_MS } from '../option-rules.ts';

/** Runs something that many milliseconds from now, however many. Returns what takes it back. */
export function startDeadline(ms: number, run: () => void): () => void {
  let left = ms;
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const step = Math.min(Math.max(left, 0), MAX_DELAY_MS);
    left -= step;
    timer = setTimeout(left > 0 ? wait : run, step);
  };
  wait();
  return () => clearTimeout(timer);
}

import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition of a real server holds; throws after the limit, naming the condition. */
export async function until(condition: () => unknown, limitMs = 5_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${condition}`);
    await delay(2);
  }
}

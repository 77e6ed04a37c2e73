import type { HttpStream } from './message.ts';
import { KEEP_ALIVE } from './sse.ts';

/** Writes signs of life. A reader that has not taken the last one gets no other: they would pile up for it. Returns what ends that. */
export function startKeepAlive(stream: HttpStream, everyMs: number): () => void {
  let beating = false;
  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    await stream.write(KEEP_ALIVE);
    beating = false;
  };
  const timer = setInterval(() => void beat(), everyMs);
  return () => clearInterval(timer);
}

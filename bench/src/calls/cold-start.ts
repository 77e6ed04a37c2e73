import type { Contender } from './contenders.ts';
import { startServer } from './server-process.ts';

const STARTS = 7;

/** From the start of the process to listening. Milliseconds. */
export async function measureColdStart(folder: string, { server: file, tools }: Contender): Promise<readonly number[]> {
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const server = await startServer(folder, file, { TOOLS: String(tools) });
    starts.push(server.startMs);
    await server.end();
  }
  return starts;
}

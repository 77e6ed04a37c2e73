import type { Contender } from './contenders.ts';
import { startServer } from './server-process.ts';

const STARTS = 9;

/** From the start of the process to listening, of several servers in turn. Milliseconds. */
export async function measureColdStarts(
  folder: string,
  contenders: readonly Contender[],
): Promise<readonly (readonly number[])[]> {
  const starts: number[][] = contenders.map(() => []);
  for (let start = 0; start < STARTS; start += 1) {
    for (const [at, { server: file, tools }] of contenders.entries()) {
      const server = await startServer(folder, file, { TOOLS: String(tools) });
      starts[at]?.push(server.startMs);
      await server.end();
    }
  }
  return starts;
}

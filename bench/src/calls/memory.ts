import type { Contender } from './contenders.ts';
import { offer } from './load.ts';
import { makeRequest } from './requests.ts';
import { startServer } from './server-process.ts';

const RATE = 5_000;
/** Shorter than this nothing would be offered. */
const MIN_LOAD_MS = 100;

/** How much more memory a server has after 100,000 calls than after the first 20,000. Bytes. */
export async function measureMemory(folder: string, { server: file, tools, what }: Contender): Promise<number> {
  const server = await startServer(folder, file, { TOOLS: String(tools) });
  try {
    const load = {
      port: server.port,
      what,
      request: makeRequest(what, { legacy: false, token: undefined }),
      rate: RATE,
    };
    const serve = async (requests: number): Promise<void> => {
      for (let left = requests; left > 0; ) {
        const durationMs = Math.max(MIN_LOAD_MS, (left / RATE) * 1_000);
        left -= (await offer({ ...load, durationMs })).served;
      }
    };
    await serve(20_000);
    const early = await server.usage();
    await serve(80_000);
    return (await server.usage()).rss - early.rss;
  } finally {
    await server.end();
  }
}

/** An Odin server of its own process. It tells its parent when a call starts and when its signal fires; SIGTERM closes it. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import { z } from 'zod';

/** What the process tells its parent. `at`: epoch milliseconds. */
export type OriginReport =
  | { readonly kind: 'listening' | 'link'; readonly path?: string }
  | { readonly kind: 'started' | 'aborted'; readonly id: string | number; readonly at: number }
  | { readonly kind: 'cost'; readonly cpuMs: number; readonly rssBytes: number; readonly heapBytes: number };

const tell = (report: OriginReport): void => void process.send?.(report);
const odin = new OdinServer({ name: 'faults', version: '1.0.0', ...fromEnvironment() });

odin.tool(
  { name: 'events', input: z.object({ count: z.number(), pauseMs: z.number(), blockBytes: z.number().default(0) }) },
  async ({ count, pauseMs, blockBytes }, context) => {
    const message = 'x'.repeat(blockBytes);
    for (let event = 1; event <= count && !context.signal.aborted; event++) {
      await context.progress(event, count, message);
      if (pauseMs > 0) await delay(Math.random() * pauseMs);
    }
    return 'done';
  },
);

odin.tool(
  { name: 'work', input: z.object({ ms: z.number(), speak: z.boolean().default(true) }) },
  async ({ ms, speak }, context) => {
    const { requestId: id, signal } = context;
    tell({ kind: 'started', id, at: Date.now() });
    signal.addEventListener('abort', () => tell({ kind: 'aborted', id, at: Date.now() }));
    if (speak) await context.progress(1);
    await delay(ms, undefined, { signal });
    return `worked on ${id}`;
  },
);

odin.tool({ name: 'change', hold: 'never' }, async (context) => {
  await context.notify.toolsChanged();
  return 'changed';
});

process.on('message', (message) => {
  if (message !== 'cost') return;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  tell({ kind: 'cost', cpuMs: (user + system) / 1_000, rssBytes: rss, heapBytes: heapUsed });
});

const server = await listen(odin);
server.server.on('request', ({ url = '' }) => {
  if (url.startsWith('/.odin/next')) tell({ kind: 'link', path: url });
});
process.once('SIGTERM', async () => {
  await server.close({ deadlineMs: 20_000 });
  process.exit(0);
});
tell({ kind: 'listening' });

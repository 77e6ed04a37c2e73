import { setTimeout as delay } from 'node:timers/promises';
import { type OdinContext, OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import { createTestClient } from '@asgard/odin/testing';
import { z } from 'zod';
import { serveQuestions } from './asked.ts';

const odin = new OdinServer({ name: 'bench', version: '1.0.0', ...fromEnvironment() });
const input = z.object({ count: z.number(), pauseMs: z.number() });

/** Every event says when it was sent. */
async function events(args: z.infer<typeof input>, context: OdinContext): Promise<string> {
  const { count, pauseMs } = args;
  const begun = performance.now();
  for (let event = 1; event <= count && !context.signal.aborted; event++) {
    void context.progress(event, count, String(performance.timeOrigin + performance.now()));
    const due = begun + event * pauseMs - performance.now();
    if (due > 0) await delay(due);
  }
  return 'done';
}

odin.tool({ name: 'held', input, hold: 'auto' }, events);
odin.tool({ name: 'plain', input, hold: 'never' }, events);
odin.tool({ name: 'wait', hold: 'always' }, (context) => delay(600_000, 'waited', { signal: context.signal }));

const server = await listen(odin);
serveQuestions(server.port, {
  change: () => odin.notify.toolsChanged(),
  calls: (amount) => {
    const client = createTestClient(odin);
    for (let call = 0; call < amount; call++) client.callTool('wait').catch(() => undefined);
  },
});

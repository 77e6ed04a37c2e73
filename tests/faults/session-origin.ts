/** A server of its own process for clients with sessions. What the replicas share comes from the environment. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import { z } from 'zod';
import type { OriginReport } from './odin-origin.ts';

const tell = (report: OriginReport): void => void process.send?.(report);
const odin = new OdinServer({ name: 'sessions', version: '1.0.0', ...fromEnvironment() });

odin.tool({ name: 'greet' }, async (context) => {
  const answer = await context.elicit('name', { message: 'Who?', schema: z.object({ name: z.string() }) });
  return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action;
});

odin.tool({ name: 'work', input: z.object({ ms: z.number() }) }, async ({ ms }, context) => {
  const { requestId: id, signal } = context;
  tell({ kind: 'started', id, at: Date.now() });
  signal.addEventListener('abort', () => tell({ kind: 'aborted', id, at: Date.now() }));
  await context.log.info('begun');
  await delay(ms, undefined, { signal });
  await context.log.info('about to end');
  return `worked on ${id}`;
});

odin.tool({ name: 'change' }, async (context) => {
  await context.notify.toolsChanged();
  return 'changed';
});

const server = await listen(odin);
process.once('SIGTERM', async () => {
  await server.close({ deadlineMs: 20_000 });
  process.exit(0);
});
tell({ kind: 'listening' });

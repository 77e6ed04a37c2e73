import { setTimeout as wait } from 'node:timers/promises';
import { OdinServer, type OdinServerOptions, ToolError } from '@asgard/odin';
import * as z from 'zod';

/** A small server that shows its own state, so that a test over any transport can see what happened inside. */
export function createInteropServer(options: Partial<OdinServerOptions> = {}): OdinServer {
  const odin = new OdinServer({ name: 'interop', version: '1.2.3', instructions: 'Add before you count.', ...options });
  const state = { started: 0, aborted: 0 };

  odin.tool(
    {
      name: 'add',
      title: 'Addition',
      description: 'Adds two numbers',
      input: z.object({ a: z.number(), b: z.number().default(1) }),
      output: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ sum: a + b }),
  );
  odin.tool(
    { name: 'count', description: 'Counts with progress', input: z.object({ to: z.number().int().max(100) }) },
    async ({ to }, ctx) => {
      for (let step = 1; step <= to; step++) {
        await ctx.progress(step, to, `step ${step}`);
        // Over stdio, clients of both SDKs forget a call's progress listener when its response arrives in the same chunk.
        await wait(20, undefined, { signal: ctx.signal });
      }
      return `counted to ${to}`;
    },
  );
  odin.tool({ name: 'sleep', description: 'Waits until nobody wants the answer any more' }, async (ctx) => {
    state.started += 1;
    ctx.signal.addEventListener('abort', () => {
      state.aborted += 1;
    });
    await wait(30_000, undefined, { signal: ctx.signal });
    return 'slept';
  });
  odin.tool({ name: 'greet', description: 'Asks for a name' }, async (ctx) => {
    const answer = await ctx.elicit('name', { message: 'What is your name?', schema: z.object({ name: z.string() }) });
    return answer.action === 'accept' ? `Hello, ${answer.content.name}!` : `You chose to ${answer.action}.`;
  });
  odin.tool({ name: 'complain', description: 'Fails for the model to see' }, () => {
    throw new ToolError('The tea is cold');
  });
  odin.tool({ name: 'crash', description: 'Fails by accident' }, () => {
    throw new Error('password=hunter2');
  });
  odin.tool(
    { name: 'touch', description: 'Changes a note', input: z.object({ id: z.string() }) },
    async ({ id }, ctx) => {
      await ctx.notify.resourceUpdated(`note://${id}`);
      return 'touched';
    },
  );
  odin.tool({ name: 'grow', description: 'Says that there are more tools now' }, async (ctx) => {
    await ctx.notify.toolsChanged();
    return 'grown';
  });
  odin.resource('state://calls', { name: 'calls', mimeType: 'application/json' }, () => JSON.stringify(state));
  odin.resource('note://{id}', { name: 'note', mimeType: 'text/plain' }, ({ id }) => `note ${id}`);
  odin.prompt(
    { name: 'explain', description: 'Asks for an explanation', args: z.object({ topic: z.string() }) },
    ({ topic }) => `Explain ${topic}`,
  );
  return odin;
}

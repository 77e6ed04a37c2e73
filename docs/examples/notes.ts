import { OdinServer, ToolError } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import * as z from 'zod';

const odin = new OdinServer({ name: 'notes', version: '1.0.0', ...fromEnvironment() });
const notes = new Map<string, string>();
const Note = z.object({ id: z.string(), text: z.string() });

odin.tool({ name: 'write', description: 'Write a note', input: Note }, async ({ id, text }, ctx) => {
  if (text === '') throw new ToolError('A note needs text'); // for the model; any other error stays in the log
  notes.set(id, text);
  await ctx.notify.resourceUpdated(`note://${id}`); // one publish reaches every subscriber of every replica
  return `Written: ${id}`;
});

odin.resource('note://{id}', { mimeType: 'text/plain' }, ({ id }) => notes.get(id) ?? 'Nothing yet');

odin.prompt({ name: 'tidy', args: z.object({ topic: z.string() }) }, ({ topic }) => `Tidy my notes about ${topic}`);

await listen(odin);

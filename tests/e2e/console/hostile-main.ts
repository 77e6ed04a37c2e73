import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import * as z from 'zod';

/** A server that tries to get markup into the page by every way there is, and uses all kinds of results. */
const BAD = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const odin = new OdinServer({ name: 'hostile', version: '1.0.0', ...fromEnvironment() });

const Markup = z.object({
  text: z.string().default(BAD).describe(BAD),
  choice: z.enum([BAD, 'plain']).optional(),
  tags: z.array(z.string()).optional().describe('Words'),
});

odin.tool(
  { name: 'markup', title: `Title ${BAD}`, description: `Description ${BAD}`, input: Markup },
  async ({ text }, ctx) => {
    await ctx.log.warning(`Log ${text}`);
    await ctx.progress(1, 2, `Progress ${text}`);
    await ctx.notify.resourceUpdated(`bad://${BAD}`);
    return {
      content: [
        { type: 'text', text: `Text ${text}` },
        { type: 'image', mimeType: 'image/png', data: PIXEL },
        { type: 'image', mimeType: `image/png"onerror="window.pwned=1`, data: PIXEL },
        { type: 'image', mimeType: 'text/html', data: btoa(BAD) },
        { type: 'resource_link', uri: 'javascript:window.pwned=1', name: BAD },
      ],
    };
  },
);

odin.tool({ name: 'fail', description: 'Answers with an error' }, async () => {
  throw new Error('never shown');
});

const Sure = z.object({
  colour: z.enum(['red', 'green']).describe(BAD),
  loud: z.boolean().default(false),
});

odin.tool({ name: 'ask', description: 'Asks back' }, async (ctx) => {
  const answer = await ctx.elicit('sure', { message: `Which one? ${BAD}`, schema: Sure });
  return answer.action === 'accept' ? `${answer.content.colour}, ${answer.content.loud}` : `answer: ${answer.action}`;
});

console.log(`Output ${BAD}`);
await listen(odin);

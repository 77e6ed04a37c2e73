import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import * as z from 'zod';

/** A server with more of everything than is comfortable: fifty tools, the longest name there may be, wide results. */
const odin = new OdinServer({ name: 'large', version: '1.0.0', ...fromEnvironment() });

const LONG = 'long_'.repeat(25);

odin.tool(
  { name: LONG, description: 'd'.repeat(400), input: z.object({ [LONG]: z.string().default('x') }) },
  ({ [LONG]: text }) => String(text).repeat(20_000),
);

for (let number = 1; number <= 50; number++) {
  odin.tool(
    { name: `tool-${number}`, description: `Tool number ${number}`, input: z.object({ text: z.string() }) },
    ({ text }) => ({
      rows: Array.from({ length: 100 }, (_, row) => ({ row, text: text.repeat(200) })),
    }),
  );
}

odin.resource('large://{id}', { mimeType: 'text/plain' }, ({ id }) => id.repeat(500));

await listen(odin);

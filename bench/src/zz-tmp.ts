import { OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import * as z from 'zod';

const odin = new OdinServer({ name: 'b', version: '1' });
const n = Number(process.argv[2] ?? 20);
for (let i = 0; i < n; i++)
  odin.tool(
    {
      name: `t${i}`,
      description: 'd',
      input: z.object({ a: z.number(), b: z.number(), c: z.string(), d: z.boolean() }),
    },
    ({ a, b }) => String(a + b),
  );
const s = await listen(odin, { port: 0 });
process.on('SIGINT', () => process.exit(0));
process.on('message', (m) => {
  if (m === 'cpu') process.send!({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss });
});
process.send!({ port: s.port });

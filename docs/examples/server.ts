import { setTimeout } from 'node:timers/promises';
import { type OdinContext, OdinServer, tool } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import * as z from 'zod';

const Voyage = z.object({ ship: z.string(), days: z.number().int().min(1).max(30).default(5) });

class Harbour {
  @tool({ description: 'Sail a ship and report every day', input: Voyage })
  async sail({ ship, days }: z.infer<typeof Voyage>, ctx: OdinContext): Promise<string> {
    for (let day = 1; day <= days; day++) {
      await setTimeout(200, undefined, { signal: ctx.signal }); // the client left: so does the voyage
      await ctx.progress(day, days, `day ${day}`);
    }
    return `${ship} is back after ${days} days, ${ctx.principal?.username ?? 'captain'}.`;
  }
}

const odin = new OdinServer({ name: 'harbour', version: '1.0.0', ...fromEnvironment() });
odin.register(new Harbour());
await listen(odin);

import { setTimeout } from 'node:timers/promises';
import { type OdinContext, prompt, resource, tool } from '@asgard/odin';
import * as z from 'zod';

const Stock = z.object({
  item: z.string().min(1).describe('What to put on the shelf'),
  count: z.number().int().min(1).default(1),
});
const Shelf = z.object({ item: z.string(), count: z.number().int() });
const Forge = z.object({
  item: z.string().min(1).describe('What to make'),
  stepMs: z.number().int().min(1).max(60_000).default(300).describe('Milliseconds for each of the five steps'),
});
const Order = z.object({ item: z.string() });

const STEPS = ['heat', 'hammer', 'fold', 'quench', 'polish'];

/** One object serves every request, so it keeps only what all callers share. What belongs to one call is in `ctx`. */
export class Workshop {
  readonly #shelf = new Map<string, number>();

  /** A quick tool: answered as one JSON body. With an `output` schema the result is structured. */
  @tool({ description: 'Put items on the shelf', input: Stock, output: Shelf })
  async stock({ item, count }: z.infer<typeof Stock>, ctx: OdinContext): Promise<z.infer<typeof Shelf>> {
    return { item, count: await this.#add(item, count, ctx) };
  }

  /** A long tool: the client sees each step while the proxy, not this process, holds the connection. */
  @tool({ description: 'Make an item in five steps', input: Forge })
  async forge({ item, stepMs }: z.infer<typeof Forge>, ctx: OdinContext): Promise<string> {
    for (const [index, step] of STEPS.entries()) {
      await setTimeout(stepMs, undefined, { signal: ctx.signal }); // the client left: stop the work
      await ctx.progress(index + 1, STEPS.length, step);
    }
    await this.#add(item, 1, ctx);
    return `One ${item}, forged for ${ctx.principal?.username ?? 'whoever asked'}.`;
  }

  /** A family of resources. Whoever subscribed to one is told when it changes, see `#add`. */
  @resource('shelf://{item}', { description: 'How many of an item are on the shelf', mimeType: 'application/json' })
  shelf({ item }: { item: string }): z.infer<typeof Shelf> {
    return { item, count: this.#shelf.get(item) ?? 0 };
  }

  @prompt({ description: 'Ask for an item in the words of the trade', args: Order })
  order({ item }: z.infer<typeof Order>): string {
    return `Look at shelf://${item}. If there is none, forge one, and tell me what each step was for.`;
  }

  async #add(item: string, count: number, ctx: OdinContext): Promise<number> {
    const total = (this.#shelf.get(item) ?? 0) + count;
    this.#shelf.set(item, total);
    await ctx.notify.resourceUpdated(`shelf://${encodeURIComponent(item)}`);
    return total;
  }
}

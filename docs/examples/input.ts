import { OdinServer } from '@asgard/odin';
import * as z from 'zod';

const Trip = z.object({ to: z.string() });
const Booking = z.object({ seat: z.enum(['window', 'aisle']), insured: z.boolean().default(false) });

export const odin = new OdinServer({ name: 'trips', version: '1.0.0' });

odin.tool({ name: 'book', description: 'Book a trip', input: Trip }, async ({ to }, ctx) => {
  const offer = await ctx.remember('offer', () => ({ id: crypto.randomUUID(), price: 120 })); // made once, kept for the next round
  const answer = await ctx.elicit('booking', { message: `${to} for ${offer.price}?`, schema: Booking });
  if (answer.action !== 'accept') return 'Not booked.';
  return `Booked ${offer.id}: ${answer.content.seat}${answer.content.insured ? ', insured' : ''}.`;
});

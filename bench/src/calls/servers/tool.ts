import * as z from 'zod';

/** The same tool under every name and in every server. */
export const input: z.ZodObject<{
  text: z.ZodString;
  count: z.ZodNumber;
  flag: z.ZodBoolean;
  kind: z.ZodEnum<{ small: 'small'; large: 'large' }>;
}> = z.object({ text: z.string(), count: z.number(), flag: z.boolean(), kind: z.enum(['small', 'large']) });

export const nameOf = (index: number): string => `tool_${index}`;
export const description = 'Repeats what it was given';
export const answer = ({ text, count }: { readonly text: string; readonly count: number }): string =>
  `${text} ${count}`;

import * as z from 'zod';

type Input = z.ZodObject<{
  text: z.ZodString;
  count: z.ZodNumber;
  flag: z.ZodBoolean;
  kind: z.ZodEnum<{ small: 'small'; large: 'large' }>;
}>;

/** The schema of a tool, written where the tool is registered, as the documentation of every contender has it. */
export const inputOf = (): Input =>
  z.object({ text: z.string(), count: z.number(), flag: z.boolean(), kind: z.enum(['small', 'large']) });

export const nameOf = (index: number): string => `tool_${index}`;
export const description = 'Repeats what it was given';
export const answer = ({ text, count }: { readonly text: string; readonly count: number }): string =>
  `${text} ${count}`;

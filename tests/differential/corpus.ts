import { CALLS } from './corpus/calls.ts';
import { EXTENSIONS } from './corpus/extensions.ts';
import { HEADERS } from './corpus/headers.ts';
import { LIFECYCLE } from './corpus/lifecycle.ts';
import { LIST_CASES } from './corpus/lists.ts';
import { MESSAGES } from './corpus/messages.ts';
import { MIRRORED_CASES } from './corpus/mirrored.ts';
import { READS } from './corpus/reads.ts';
import { SIZES } from './corpus/sizes.ts';
import type { Case } from './request.ts';

/** Every request that both servers answer. */
export const CORPUS: readonly Case[] = [
  ...LIFECYCLE,
  ...LIST_CASES,
  ...CALLS,
  ...READS,
  ...MIRRORED_CASES,
  ...HEADERS,
  ...MESSAGES,
  ...EXTENSIONS,
  ...SIZES,
];

import { defineExtension, defineMethod, defineTool, type OdinContext, OdinServer, ToolError } from '@asgard/odin';
import * as z from 'zod';
import {
  BYTES,
  type Call,
  EXTENSION,
  explanation,
  INSTRUCTIONS,
  noteOf,
  type OfferedTool,
  Refused,
  SERVER,
  SUM,
  startingWith,
  sumOf,
  TODAY,
  TOOLS,
} from './offer.ts';

/** The offer, served by Odin; without sessions, since the SDK handler keeps none either. */
export function createSubject(): (request: Request) => Promise<Response> {
  const logger = { error: () => {}, warn: () => {} };
  const odin = new OdinServer({ ...SERVER, instructions: INSTRUCTIONS, logger, sessions: false });
  offerOf(odin);
  return odin.fetch;
}

/** Registers the offer. */
export function offerOf(odin: OdinServer): void {
  for (const tool of TOOLS) odin.register(toolOf(tool));
  const fail = defineMethod({}, () => {
    throw new Error('the password');
  });
  odin.register(
    defineExtension({
      ...EXTENSION,
      methods: { 'charts/sum': defineMethod({ params: SUM }, sumOf), 'charts/fail': fail },
    }),
  );
  odin.resource('note://today', { name: 'today', description: 'Of today', mimeType: 'text/markdown' }, () => TODAY);
  odin.resource('data://bytes', { name: 'bytes', mimeType: 'application/octet-stream', size: 4 }, () =>
    Buffer.from(BYTES, 'base64'),
  );
  odin.resource('note://{id}', { name: 'note', description: 'Any note', complete: { id: startingWith } }, ({ id }) =>
    noteOf(id),
  );
  const args = z.object({ topic: z.string().describe('What about'), language: z.string().optional() });
  odin.prompt(
    { name: 'explain', title: 'Explain', description: 'Explains', args, complete: { language: startingWith } },
    ({ topic, language }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: explanation(topic, language) } }],
    }),
  );
  odin.prompt({ name: 'greet', description: 'Takes no arguments' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Greet me' } }],
  }));
}

function toolOf({ run, input, ...offered }: OfferedTool): ReturnType<typeof defineTool> {
  const answer = async (value: unknown, context: OdinContext): Promise<unknown> => {
    try {
      return await run(value as never, callOf(context));
    } catch (thrown) {
      throw thrown instanceof Refused ? new ToolError(thrown.message) : thrown;
    }
  };
  return input
    ? defineTool({ ...offered, input }, answer)
    : defineTool(offered, (context) => answer(undefined, context));
}

function callOf(context: OdinContext): Call {
  return {
    progress: (progress, total) => context.progress(progress, total),
    log: (level, data) => context.log[level](data),
  };
}

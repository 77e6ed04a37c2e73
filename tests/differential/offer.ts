import { fromJsonSchema, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** What a handler of the offer can do beside returning, whichever server runs it. */
export interface Call {
  progress(progress: number, total: number): Promise<void>;
  log(level: 'debug' | 'info' | 'warning' | 'error', data: unknown): Promise<void>;
}

/** A failure that its caller may read. */
export class Refused extends Error {}

export interface OfferedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly input?: StandardSchemaWithJSON;
  readonly output?: StandardSchemaWithJSON;
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean };
  readonly run: (input: never, call: Call) => unknown;
}

const text = (value: unknown) => ({ content: [{ type: 'text', text: String(value) }] });

/** An extension that both servers declare, with a method. */
export const EXTENSION = { id: 'com.example/charts', settings: { colors: 2 } };
export const SUM = z.object({ rows: z.array(z.number()), title: z.string().optional() });
export const sumOf = ({ rows, title }: z.infer<typeof SUM>): Record<string, string | number> => ({
  sum: rows.reduce((sum, row) => sum + row, 0),
  ...(title !== undefined && { title }),
});

/** Tools that both servers offer, in this order. Results are in the protocol's own shape, which both pass through. */
export const TOOLS: readonly OfferedTool[] = [
  { name: 'hello', title: 'Hello', description: 'Takes no arguments', run: () => text('Hello') },
  {
    name: 'echo',
    description: 'Repeats a text',
    input: z.object({ text: z.string().max(200_000) }),
    annotations: { readOnlyHint: true },
    run: (input: { text: string }) => text(input.text),
  },
  {
    name: 'add',
    description: 'Adds two numbers',
    input: z.object({ a: z.number(), b: z.number().default(0) }),
    output: z.object({ sum: z.number() }),
    run: ({ a, b }: { a: number; b: number }) => ({ ...text(a + b), structuredContent: { sum: a + b } }),
  },
  {
    name: 'typed',
    description: 'Has an argument of every kind',
    input: z.object({
      flag: z.boolean().optional(),
      count: z.int().min(0).max(10).optional(),
      kind: z.enum(['small', 'large']).optional(),
      tags: z.array(z.string()).max(3).optional(),
      nested: z.object({ deep: z.object({ value: z.string() }) }).optional(),
      free: z.record(z.string(), z.unknown()).optional(),
      maybe: z.string().nullable().optional(),
    }),
    run: (input: object) => text(JSON.stringify(input)),
  },
  {
    name: 'json-schema',
    description: 'Declared as JSON Schema',
    input: fromJsonSchema({
      type: 'object',
      properties: { code: { type: 'string', pattern: '^[A-Z]{3}$' }, size: { type: 'integer', minimum: 1 } },
      required: ['code'],
      additionalProperties: false,
    }),
    run: (input: { code: string }) => text(input.code),
  },
  {
    name: 'mirrored',
    description: 'Mirrors arguments into headers',
    input: z.object({
      region: z.string().meta({ 'x-mcp-header': 'Region' }).optional(),
      size: z.int().meta({ 'x-mcp-header': 'Size' }).optional(),
      dry: z.boolean().meta({ 'x-mcp-header': 'Dry' }).optional(),
    }),
    run: (input: object) => text(JSON.stringify(input)),
  },
  {
    name: 'steps',
    description: 'Reports progress',
    input: z.object({ count: z.int().max(100) }),
    run: async ({ count }: { count: number }, call) => {
      for (let step = 1; step <= count; step += 1) await call.progress(step, count);
      return text(`${count} steps`);
    },
  },
  {
    name: 'logs',
    description: 'Logs at three levels',
    run: async (_input, call) => {
      await call.log('debug', 'first');
      await call.log('warning', { second: 2 });
      await call.log('error', null);
      return text('logged');
    },
  },
  {
    name: 'media',
    description: 'Answers with every kind of content',
    run: () => ({
      content: [
        { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png', annotations: { audience: ['user'], priority: 0.5 } },
        { type: 'audio', data: 'aGVsbG8=', mimeType: 'audio/wav' },
        { type: 'resource', resource: { uri: 'note://today', mimeType: 'text/plain', text: 'inside' } },
        { type: 'resource_link', uri: 'note://today', name: 'today' },
      ],
      _meta: { 'example.com/trace': 'kept' },
    }),
  },
  { name: 'empty', description: 'Answers with nothing', run: () => ({ content: [] }) },
  { name: 'failing', description: 'Fails in band', run: () => ({ ...text('No such account'), isError: true }) },
  {
    name: 'refusing',
    description: 'Fails with a message for the model',
    run: () => {
      throw new Refused('Not today');
    },
  },
  {
    name: 'crashing',
    description: 'Fails with a message for nobody',
    run: () => {
      throw new TypeError('the password is hunter2');
    },
  },
  {
    name: 'unfit',
    description: 'Breaks its own output schema',
    output: z.object({ sum: z.number() }),
    run: () => ({ ...text('x'), structuredContent: { sum: 'many' } }),
  },
];

export const SERVER = { name: 'differential', version: '1.2.3', title: 'Differential' };
export const INSTRUCTIONS = 'Be kind';

/** Completions of both servers: what starts with the value. */
export const LANGUAGES = ['python', 'pytorch', 'typescript', 'zig'] as const;
export const startingWith = (value: string): string[] => LANGUAGES.filter((language) => language.startsWith(value));

export const TODAY = '# Today';
export const noteOf = (id: unknown): string => `Note ${String(id)} — Grüße 🌍 \u2028 日本語`;
export const BYTES = 'AAECAw==';
export const explanation = (topic: string, language = 'English'): string => `Explain ${topic} in ${language}`;

import * as z from 'zod';
import { OdinServer, type OdinServerOptions, ToolError } from '../src/index.ts';
import type { Logger } from '../src/observability/logger.ts';

export interface Recorded {
  readonly odin: OdinServer;
  /** Names of the handlers that ran, in order. */
  readonly ran: string[];
  readonly logged: { fields: Readonly<Record<string, unknown>>; message: string }[];
}

/** Long enough for a busy machine: what is meant to be quick is answered as JSON. */
export const PATIENCE_MS = 10_000;

/** A server that says which of its handlers ran. */
export function createFixture(options: Partial<OdinServerOptions> = {}): Recorded {
  const ran: string[] = [];
  const logged: Recorded['logged'] = [];
  const logger: Logger = {
    error: (fields, message) => void logged.push({ fields, message }),
    warn: (fields, message) => void logged.push({ fields, message }),
  };
  const odin = new OdinServer({
    name: 'fixture',
    version: '1.2.3',
    instructions: 'Be kind',
    logger,
    ...options,
    http: { patienceMs: PATIENCE_MS, ...options.http },
  });
  odin.tool(
    {
      name: 'add',
      description: 'Add',
      input: z.object({ a: z.number(), b: z.number().default(0) }),
      output: z.object({ sum: z.number() }),
    },
    ({ a, b }) => {
      ran.push('add');
      return { sum: a + b };
    },
  );
  odin.tool({ name: 'boom' }, () => {
    ran.push('boom');
    throw new Error('the database password is hunter2');
  });
  odin.tool({ name: 'sorry' }, () => {
    ran.push('sorry');
    throw new ToolError('No such account');
  });
  odin.tool({ name: 'steps', input: z.object({ count: z.number() }) }, async ({ count }, context) => {
    ran.push('steps');
    for (let step = 1; step <= count; step += 1) await context.progress(step, count, `step ${step}`);
    await context.log.info({ count });
    return `${count} steps`;
  });
  odin.tool({ name: 'wait' }, async (context) => {
    ran.push('wait');
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
    ran.push('wait aborted');
  });
  odin.resource('note://today', { name: 'today', mimeType: 'text/markdown' }, () => '# Today');
  odin.resource('note://{id}', { name: 'note', description: 'A note' }, ({ id, uri }) => ({ id, uri }));
  odin.prompt(
    { name: 'explain', args: z.object({ topic: z.string().describe('What about') }) },
    ({ topic }) => `Explain ${topic}`,
  );
  return { odin, ran, logged };
}

export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
};

export interface PostOptions {
  readonly id?: string | number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly meta?: object;
  readonly signal?: AbortSignal;
  readonly url?: string;
}

/** A correct 2026-07-28 request; every part can be replaced. */
export function modernRequest(
  method: string,
  params: Record<string, unknown> = {},
  options: PostOptions = {},
): Request {
  const name = params.name ?? params.uri;
  const body = {
    jsonrpc: '2.0',
    id: options.id ?? 1,
    method,
    params: { ...params, _meta: { ...ENVELOPE, ...options.meta } },
  };
  return post(JSON.stringify(body), {
    ...options,
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...options.headers,
    },
  });
}

export function post(body: string, options: PostOptions = {}): Request {
  const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...options.headers };
  const headers = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Request(options.url ?? 'http://localhost/mcp', {
    method: 'POST',
    headers,
    body,
    ...(options.signal && { signal: options.signal }),
  });
}

/** The messages of an event stream that has ended. */
export async function readEvents(response: Response): Promise<Record<string, unknown>[]> {
  return (await response.text())
    .split('\n\n')
    .flatMap((block) => block.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
}

/** Of the error that was logged; '' when there was none. */
export function messageOf(entry: Recorded['logged'][number] | undefined): string {
  const error = entry?.fields.error;
  return error instanceof Error ? error.message : '';
}

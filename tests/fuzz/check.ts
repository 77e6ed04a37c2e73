import { SECRET } from './server.ts';

/** An answer as it came over any transport. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

const STATUSES: ReadonlySet<number> = new Set([200, 202, 204, 400, 403, 404, 405, 406, 408, 413, 415, 431, 503]);
const HEALTH = /^\{"status":"(ok|unavailable)"\}$/;

/** Why the answer is no valid HTTP and JSON-RPC; undefined when it is. */
export function problemOf({ status, type, text }: RawAnswer): string | undefined {
  if (!STATUSES.has(status)) return `status ${status}`;
  if (text.includes(SECRET)) return 'the text of a handler leaked';
  if (Object.keys(Object.prototype).length > 0) return 'Object.prototype was polluted';
  if (text === '') return status === 200 ? 'an empty success' : undefined;
  switch (type?.split(';', 1)[0]) {
    case 'application/json':
      return HEALTH.test(text) ? undefined : problemOfMessage(text, true);
    case 'text/event-stream':
      return problemOfEvents(text);
    default:
      return `content type ${type}`;
  }
}

function problemOfEvents(text: string): string | undefined {
  if (!text.endsWith('\n\n')) return 'a stream that ends within an event';
  const data = text.split('\n').filter((line) => line.startsWith('data: '));
  for (const [at, line] of data.entries()) {
    const problem = problemOfMessage(line.slice(6), at === data.length - 1 && !text.includes('/acknowledged"'));
    if (problem) return `event ${at}: ${problem}`;
  }
  return data.length === 0 ? 'a stream without messages' : undefined;
}

function problemOfMessage(json: string, last: boolean): string | undefined {
  const message = parse(json);
  if (message === undefined) return 'not JSON';
  if (message.jsonrpc !== '2.0') return 'not JSON-RPC 2.0';
  if (!last) return typeof message.method === 'string' ? undefined : 'not a notification';
  const { id, result, error } = message;
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') return 'no id';
  if ((result === undefined) === (error === undefined)) return 'neither result nor error, or both';
  if (result !== undefined) return isObject(result) ? undefined : 'a result that is no object';
  if (!isObject(error) || !Number.isInteger(error.code) || typeof error.message !== 'string')
    return 'a malformed error';
  return undefined;
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { GripError } from '../errors.ts';

/** The content type of a stream of server-sent events. */
export const EVENT_STREAM_TYPE = 'text/event-stream';

/** One server-sent event. */
export interface SseEvent {
  readonly data: string;
  readonly event?: string;
  readonly id?: string;
  /** Whole milliseconds. */
  readonly retry?: number;
}

const LINE_BREAK = /\r\n|\r|\n/;

/**
 * Writes one event, with the empty line that ends it. Data may have line breaks of any kind; readers get `\n` for each.
 * @throws {@link GripError} `illegal_value` when a field cannot be written.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function formatSseEvent({ data, event, id, retry }: SseEvent): string {
  let text = '';
  if (event !== undefined) text += `event: ${checkLine('event', event)}\n`;
  if (id !== undefined) text += `id: ${checkId(id)}\n`;
  if (retry !== undefined) text += `retry: ${checkRetry(retry)}\n`;
  for (const line of data.split(LINE_BREAK)) text += `data: ${line}\n`;
  return `${text}\n`;
}

/** Writes a comment, which readers skip: a sign of life. */
export function formatSseComment(text = ''): string {
  return `${text
    .split(LINE_BREAK)
    .map((line) => `:${line}`)
    .join('\n')}\n\n`;
}

function checkLine(field: string, value: string): string {
  if (LINE_BREAK.test(value)) throw new GripError('illegal_value', `SSE ${field} must not have line breaks`, { field });
  return value;
}

function checkId(id: string): string {
  if (id.includes('\0'))
    throw new GripError('illegal_value', 'SSE id must not have a NUL, or readers ignore it', { field: 'id' });
  return checkLine('id', id);
}

function checkRetry(retry: number): number {
  if (!Number.isSafeInteger(retry) || retry < 0) {
    throw new GripError('illegal_value', `SSE retry must be whole milliseconds, not ${retry}`, { field: 'retry' });
  }
  return retry;
}

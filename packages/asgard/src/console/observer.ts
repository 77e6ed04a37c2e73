import type { DevStackEvent } from '@asgard/devstack';
import type { DevEvent } from '../dev/event.ts';
import type { Exchange } from '../dev/exchange.ts';
import { describeRefusal } from '../dev/refusals.ts';
import { describeFailure } from '../dev/screen.ts';
import { type Caller, readCaller } from './caller.ts';
import type { FeedEvent, OpenStream } from './feed-entry.ts';
import { describeMessage, parseMessages, readTopics } from './message.ts';

/** Turns what the stack and the server tell into lines of the feed. */
export interface Observer {
  traffic(event: DevStackEvent): void;
  development(event: DevEvent): void;
}

interface Asked extends Caller {
  readonly fallback: string;
}

const MAX_OPEN = 10_000;
/** Characters of what the server prints at once. */
const MAX_OUTPUT = 8 * 1024;
const MAX_TITLE = 200;

export function createObserver(tell: (event: FeedEvent) => void, now: () => number): Observer {
  const asked = new Map<string, Asked>();
  const held = new Map<string, string>();

  function open({ id, channels, body, status }: Extract<DevStackEvent, { type: 'held' }>): void {
    const { method, fallback, ...caller } = asked.get(id) ?? { fallback: 'request' };
    const topics = readTopics(parseMessages(body));
    const stream: OpenStream = {
      ...caller,
      id,
      kind: topics !== undefined ? 'subscription' : fallback.startsWith('GET') ? 'session' : 'call',
      method: method ?? fallback,
      since: now(),
      channels,
      topics: topics ?? [],
      messages: 0,
    };
    held.set(id, titleOf(stream));
    tell({ type: 'opened', stream, message: body === '' ? `status ${status}` : body });
  }

  function close({ id, durationMs, aborted }: Extract<DevStackEvent, { type: 'closed' }>): void {
    asked.delete(id);
    const title = held.get(id);
    if (title === undefined) return;
    held.delete(id);
    tell({ type: 'closed', streamId: id, title, durationMs, aborted });
  }

  return {
    traffic(event) {
      if (event.source !== 'hermod') return;
      switch (event.type) {
        case 'request': {
          const { id, method, path, headers } = event;
          if (asked.size < MAX_OPEN) asked.set(id, { ...readCaller(headers), fallback: `${method} ${path}` });
          return;
        }
        case 'held':
          return open(event);
        case 'closed':
          return close(event);
        case 'published': {
          const { channel, kind, via, receivers, content } = event;
          const messages = parseMessages(content);
          const title = messages.length === 0 ? kind : messages.map(describeMessage).join(', ').slice(0, MAX_TITLE);
          const size = Buffer.byteLength(content);
          return tell({ type: 'published', channel, kind, via, title, size, receivers, message: content });
        }
        case 'dropped':
          return tell({ type: 'problem', title: 'Thrown away by the proxy', detail: event.reason });
        case 'released':
          if (event.cause !== 'error') return;
          return tell({ type: 'problem', title: 'A held stream could not go on', detail: event.detail ?? '' });
        case 'disabled':
          return tell({ type: 'problem', title: `Without ${event.part}`, detail: event.reason });
      }
    },
    development(event) {
      const told = readDevelopment(event);
      if (told !== undefined) tell(told);
    },
  };
}

function titleOf({ method, target }: OpenStream): string {
  return target === undefined ? method : `${method} ${target}`;
}

function readDevelopment(event: DevEvent): FeedEvent | undefined {
  switch (event.kind) {
    case 'exchange':
      return readExchange(event.exchange);
    case 'refusal': {
      const { method, path, status, durationMs } = event.refusal;
      return { type: 'request', method, target: path, status, durationMs, remark: describeRefusal(status) };
    }
    case 'listening':
      return { type: 'server', status: event.restart ? 'reloaded' : 'running', durationMs: event.durationMs };
    case 'output':
      return { type: 'output', stream: event.stream, text: event.text.slice(0, MAX_OUTPUT) };
    case 'build-failed':
      return {
        type: 'problem',
        title: 'The code does not build; the last good version stays',
        detail: event.message.slice(0, MAX_OUTPUT),
      };
    case 'silent':
      return { type: 'problem', title: `Nobody listens on port ${event.port}`, detail: 'await listen(odin)' };
    case 'crashed':
      return { type: 'server', status: 'stopped', durationMs: 0 };
  }
}

function readExchange(exchange: Exchange): FeedEvent {
  const { method, target, status, durationMs, reply, era, subject, username } = exchange;
  const who = username ?? subject;
  const remark = describeFailure(exchange);
  return {
    type: 'request',
    method,
    status,
    durationMs,
    reply,
    ...(target !== undefined && { target }),
    ...(era !== undefined && { era }),
    ...(subject !== undefined && { subject }),
    ...(who !== undefined && { who }),
    ...(remark !== undefined && { remark }),
  };
}

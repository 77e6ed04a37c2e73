import { type ServerResponse, STATUS_CODES } from 'node:http';
import { isGripHeader, MAX_CHANNELS, type PublishItem } from '@asgard/grip';
import { formatRawHeaders, type HeaderList, withHeaders } from '../http/header-list.ts';
import type { Channels, Holder } from './channels.ts';
import type { Cancel, Clock } from './clock.ts';
import type { EmitHermodEvent, ReleaseCause } from './event.ts';
import { applyFilters, hasContentFilters } from './filters.ts';
import type { Instruct, InstructResponse } from './instruct.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

export interface HeldResponseOptions {
  readonly id: string;
  readonly response: ServerResponse;
  readonly instruct: Instruct;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

/** One client's held response: nothing is sent until the first `http-response` item, or the stored answer at the timeout. */
export class HeldResponse implements Holder {
  readonly #options: HeldResponseOptions;
  readonly #subscriptions: Subscriptions;
  #cancelTimeout: Cancel | undefined;
  #ended = false;

  constructor(options: HeldResponseOptions) {
    this.#options = options;
    this.#subscriptions = createSubscriptions(options.channels, 'response', this);
  }

  start(): void {
    const { id, instruct, clock, emit } = this.#options;
    for (const channel of this.#subscriptions.replace(instruct.channels)) {
      emit({ type: 'dropped', id, channel, reason: `a connection can have ${MAX_CHANNELS} channels` });
    }
    this.#cancelTimeout = clock.after(instruct.timeoutSeconds * 1000, () => this.#answer(instruct.response, 'timeout'));
  }

  stop(): void {
    this.#ended = true;
    this.#cancelTimeout?.();
    this.#subscriptions.clear();
  }

  deliver(item: PublishItem): void {
    const format = item.format.kind === 'http-response' ? item.format : item.alternative;
    const filters = this.#subscriptions.get(item.channel)?.filters ?? [];
    if (this.#ended || format?.kind !== 'http-response' || !hasContentFilters(item, filters)) return;
    const { instruct } = this.#options;
    const subscriber = { filters, meta: instruct.meta, channels: this.#subscriptions.names() };
    const bytes = typeof format.body === 'string' ? Buffer.from(format.body) : format.body;
    let body: Uint8Array | undefined;
    try {
      body = applyFilters(item, bytes, subscriber);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#answer(BAD_GATEWAY, 'error', detail);
      return;
    }
    if (!body) return;
    const status = format.code ?? 200;
    this.#answer(
      {
        status,
        reason: format.reason ?? STATUS_CODES[status] ?? '',
        headers: inherit(instruct.response.headers, format.headers ?? {}),
        body,
      },
      'response',
    );
  }

  /** A held response has nothing to catch up with here: Pushpin would send the client's whole request again. */
  check(): void {}

  #answer({ status, reason, headers, body }: InstructResponse, cause: ReleaseCause, detail?: string): void {
    const { id, response, emit } = this.#options;
    this.stop();
    emit({ type: 'released', id, cause, ...(detail === undefined ? {} : { detail }) });
    const length = withHeaders(headers, { 'content-length': String(body.length) });
    response.writeHead(status, reason, formatRawHeaders(status === 204 || status === 304 ? headers : length));
    response.end(body);
  }
}

const BAD_GATEWAY: InstructResponse = {
  status: 502,
  reason: 'Bad Gateway',
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('Error while proxying to origin.\n'),
};

/** The stored answer's fields, those of the item over them. */
function inherit(stored: HeaderList, own: Readonly<Record<string, string>>): HeaderList {
  const fields = Object.entries(own).filter(([name]) => !isGripHeader(name));
  return withHeaders(stored, Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value])));
}

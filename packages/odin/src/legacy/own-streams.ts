import { capabilitiesOf } from '../protocol/capabilities.ts';
import type { Topic } from '../protocol/exchange.ts';
import { formatChange } from '../protocol/notifications.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import type { TopicListener } from '../protocol/topic-bus.ts';
import { OWN_STREAM } from './event-id.ts';
import { EventLog, logName } from './event-log.ts';
import type { Streams } from './streams.ts';

/** How long changes are noted for a client that is not connected. */
const LINGER_MS = 60_000;

const LISTS: readonly Topic[] = [{ kind: 'tools' }, { kind: 'prompts' }, { kind: 'resources' }];

export interface RecorderOptions {
  readonly parts: ServerParts;
  /** Host of the tenant whose changes are noted. */
  readonly tenant: string | undefined;
  /** The server goes for good. */
  readonly closed: () => void;
}

/** Notes the changes that one session wants to hear of, in the log of its own stream. */
export class Recorder {
  readonly #log: EventLog;
  readonly #parts: ServerParts;
  readonly #closed: () => void;
  readonly #tenant: { readonly tenant?: string };
  #resources: readonly Topic[] = [];
  #unsubscribe: () => void = () => {};
  /** Ends the recording when no client comes back. */
  linger: ReturnType<typeof setTimeout> | undefined;

  constructor(log: EventLog, { parts, tenant, closed }: RecorderOptions) {
    this.#log = log;
    this.#tenant = tenant === undefined ? {} : { tenant };
    this.#parts = parts;
    this.#closed = closed;
  }

  watch(uris: readonly string[]): void {
    this.#unsubscribe();
    this.#resources = uris.map((uri) => ({ kind: 'resource', uri, ...this.#tenant }) as const);
    const listener: TopicListener = { changed: (topic) => this.note(topic), closed: this.#closed };
    const lists = LISTS.map((topic) => ({ ...topic, ...this.#tenant }));
    this.#unsubscribe = this.#parts.bus.subscribe([...lists, ...this.#resources], listener);
  }

  note(topic: Topic): void {
    this.#log.append('m', formatChange(topic)).catch((error: unknown) => {
      this.#parts.logger.warn({ error, log: this.#log.name }, 'a change could not be noted for a session');
    });
  }

  /** Some changes may have been missed: all of them are told. */
  noteEverything(): void {
    const capabilities = capabilitiesOf(this.#parts.catalog, 'legacy', true);
    for (const topic of LISTS) if (capabilities[topic.kind]) this.note(topic);
    for (const topic of this.#resources) this.note(topic);
  }

  /** A place in the log, from which on a client hears everything. */
  mark(): Promise<string> {
    return this.#log.append('r');
  }

  stop(): void {
    clearTimeout(this.linger);
    this.#unsubscribe();
  }
}

/** The recorders of this process: one for each session whose own stream it serves, or served a moment ago. */
export class OwnStreams {
  readonly #recorders = new Map<string, Recorder>();
  readonly #parts: ServerParts;
  readonly #streams: Streams;

  constructor(parts: ServerParts, streams: Streams) {
    this.#parts = parts;
    this.#streams = streams;
  }

  get full(): boolean {
    return this.#recorders.size >= this.#streams.options.maxStreams || this.#parts.bus.full;
  }

  has(sid: string): boolean {
    return this.#recorders.has(sid);
  }

  open(sid: string, uris: readonly string[], tenant: string | undefined): Recorder {
    const known = this.#recorders.get(sid);
    clearTimeout(known?.linger);
    const recorder = known ?? this.#create(sid, tenant);
    recorder.watch(uris);
    return recorder;
  }

  /** The client is gone; it may come back soon. */
  release(sid: string, recorder: Recorder): void {
    if (this.#recorders.get(sid) !== recorder || this.#streams.readers.has(sid, OWN_STREAM)) return;
    clearTimeout(recorder.linger);
    recorder.linger = setTimeout(() => this.end(sid), LINGER_MS);
    (recorder.linger as { unref?: () => void }).unref?.();
  }

  changed(sid: string, uris: readonly string[]): void {
    this.#recorders.get(sid)?.watch(uris);
  }

  end(sid: string): void {
    this.#recorders.get(sid)?.stop();
    this.#recorders.delete(sid);
  }

  close(): void {
    for (const sid of [...this.#recorders.keys()]) this.end(sid);
  }

  #create(sid: string, tenant: string | undefined): Recorder {
    const log = new EventLog(this.#streams.bus, logName(sid, OWN_STREAM), this.#streams.options);
    const closed = (): void => this.#streams.readers.close(sid, OWN_STREAM);
    const recorder = new Recorder(log, { parts: this.#parts, tenant, closed });
    this.#recorders.set(sid, recorder);
    return recorder;
  }
}

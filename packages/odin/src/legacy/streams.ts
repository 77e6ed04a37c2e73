import type { Cluster } from '../cluster/cluster.ts';
import type { MessageBus } from '../cluster/message-bus.ts';
import { formatResponse, handlerError, type RequestId } from '../protocol/answer.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { END, formatEventId, OWN_STREAM, parseCallStream } from './event-id.ts';
import { type ItemKind, logName, parseItem } from './event-log.ts';
import type { ResolvedSessions } from './options.ts';
import { Pump, type PumpOptions } from './pump.ts';
import { Readers } from './readers.ts';
import type { Replica } from './replica.ts';
import { formatEnd, formatNumbered, takesEmptyEvents } from './sse-events.ts';

/** One stream of one session. */
export interface StreamName {
  readonly sid: string;
  readonly stream: string;
}

export interface StreamsOptions {
  readonly cluster: Cluster;
  readonly replica: Replica;
  readonly options: ResolvedSessions;
  readonly keepAliveMs: number;
  /** How often the process that runs a call of another replica is looked after. Milliseconds. @default 1000 */
  readonly watchMs?: number;
}

interface PumpStart extends Pick<PumpOptions, 'outlet' | 'onOver'> {
  readonly version: string;
}

/** The streams of sessions that this process serves, and how their logs become events. */
export class Streams {
  readonly bus: MessageBus;
  readonly options: ResolvedSessions;
  readonly keepAliveMs: number;
  readonly readers: Readers = new Readers();
  readonly #replica: Replica;
  readonly #watchMs: number;

  constructor({ cluster, replica, options, keepAliveMs, watchMs = 1_000 }: StreamsOptions) {
    this.bus = cluster.bus;
    this.options = options;
    this.keepAliveMs = keepAliveMs;
    this.#replica = replica;
    this.#watchMs = watchMs;
  }

  get epoch(): string {
    return this.#replica.epoch;
  }

  appear(): Promise<void> {
    return this.#replica.appear();
  }

  /** Joins a connection to a stream; the one that this process had for it ends. */
  pump({ sid, stream }: StreamName, { outlet, version, onOver }: PumpStart): Pump {
    const pump = new Pump({
      outlet,
      onOver,
      coalesce: stream === OWN_STREAM,
      format: ({ id, data }) => {
        const { kind, json } = parseItem(data);
        if (kind === 'r') return { block: '', last: false };
        if (kind === 'm')
          return { block: formatNumbered(json, formatEventId({ sid, stream, position: id })), last: false };
        return { block: formatLast({ sid, stream }, { kind, json, version }), last: true };
      },
      onClosed: (closed) => this.readers.remove(sid, stream, closed),
    });
    this.readers.add(sid, stream, pump);
    return pump;
  }

  /** Other replicas may still serve an older connection of the stream. */
  async takeOver({ sid, stream }: StreamName): Promise<void> {
    await this.#replica.tell({ kind: 'reader', sid, stream, from: this.epoch });
  }

  /** Follows the stream of a call, and ends it with an error when the rest of it cannot come. */
  async followCall(pump: Pump, name: StreamName, after: string | undefined): Promise<void> {
    const call = parseCallStream(name.stream);
    const fail = (why: string): void => pump.close(failure(name, call?.id ?? null, why));
    await pump.follow(this.bus, { name: logName(name.sid, name.stream), after }, () =>
      fail('The stream lost messages that are no longer kept. Retry the request.'),
    );
    if (call && call.epoch !== this.epoch) this.#watch(pump, name, { epoch: call.epoch, fail });
  }

  /** A process that is gone does not finish its calls. */
  #watch(pump: Pump, name: StreamName, { epoch, fail }: { epoch: string; fail: (why: string) => void }): void {
    const look = async (): Promise<void> => {
      if ((await this.#replica.isAlive(epoch)) || (await this.#isFinished(name))) return;
      fail('The server that ran this request is gone. Retry the request.');
    };
    // A store that cannot be reached says nothing about that process.
    const timer = setInterval(() => void look().catch(() => {}), this.#watchMs);
    void look().catch(() => {});
    void pump.finished.then(() => clearInterval(timer));
  }

  /** Whether the end of a call is in its log, perhaps on its way to the reader. */
  async #isFinished({ sid, stream }: StreamName): Promise<boolean> {
    const { items } = await this.bus.read(logName(sid, stream), undefined, this.options.maxEvents + 1);
    return items.some(({ data }) => ['f', 'c'].includes(parseItem(data).kind));
  }
}

/** The end of a call, as its client gets it. */
export function formatLast(
  { sid, stream }: StreamName,
  { kind, json, version }: { kind: ItemKind; json: string; version: string },
): string {
  const end = formatEventId({ sid, stream, position: END });
  return kind === 'c' && takesEmptyEvents(version) ? formatEnd(end) : formatNumbered(json, end);
}

function failure({ sid, stream }: StreamName, id: RequestId | null, why: string): string {
  const answer = handlerError(RPC.internalError, why);
  return formatNumbered(formatResponse(id, answer), formatEventId({ sid, stream, position: END }));
}

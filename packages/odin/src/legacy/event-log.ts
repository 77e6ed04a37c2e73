import type { MessageBus } from '../cluster/message-bus.ts';
import type { ResolvedSessions } from './options.ts';

/**
 * Kinds of log items. `m`: a message; `f`: the response, the last of a call; `c`: the call was cancelled and has no
 * response; `r`: nothing for the client, only a place to stand.
 */
export type ItemKind = 'm' | 'f' | 'c' | 'r';

/** How long the stream of a running call is kept without news. */
const RUNNING_TTL_MS = 3_600_000;
/** How long a finished stream can be come back for. */
const FINISHED_TTL_MS = 120_000;

const CONCLUDE_ATTEMPTS = 60;
const CONCLUDE_RETRY_MS = 1_000;

/** The events of one stream of a session: what a client gets, and can come back for on any replica. */
export class EventLog {
  readonly name: string;
  readonly #bus: MessageBus;
  readonly #limits: { readonly maxLen: number; readonly maxChars: number };

  constructor(bus: MessageBus, name: string, { maxEvents, maxEventChars }: ResolvedSessions) {
    this.#bus = bus;
    this.name = name;
    this.#limits = { maxLen: maxEvents, maxChars: maxEventChars };
  }

  /**
   * The end of a call: tried again for a while when the log is out of reach, for clients that come back elsewhere. Resolves after the
   * first attempt; false when that failed.
   */
  async conclude(kind: 'f' | 'c', json: string): Promise<boolean> {
    let attempts = 0;
    const attempt = async (): Promise<boolean> => {
      try {
        await this.append(kind, json);
        return true;
      } catch {
        attempts += 1;
        if (attempts < CONCLUDE_ATTEMPTS) {
          const timer = setTimeout(() => void attempt(), CONCLUDE_RETRY_MS);
          (timer as { unref?: () => void }).unref?.();
        }
        return false;
      }
    };
    return attempt();
  }

  append(kind: ItemKind, json = ''): Promise<string> {
    const ttlMs = kind === 'f' || kind === 'c' ? FINISHED_TTL_MS : RUNNING_TTL_MS;
    return this.#bus.append(this.name, `${kind}${json}`, { ...this.#limits, ttlMs });
  }
}

export function parseItem(data: string): { readonly kind: ItemKind; readonly json: string } {
  return { kind: data.charAt(0) as ItemKind, json: data.slice(1) };
}

export function logName(sid: string, stream: string): string {
  return `events:${sid}:${stream}`;
}

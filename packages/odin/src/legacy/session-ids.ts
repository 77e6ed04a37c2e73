import type { Seal } from '../input/seal.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { condense, type Session } from './session.ts';

/** Opened ids that are remembered, because a client sends the same one with every request. */
const MAX_KNOWN = 1_000;

/**
 * Session ids that are their own record: sealed, so that any process with the same secrets can read them and nobody
 * else can read or make one.
 */
export class SessionIds {
  readonly #seal: Seal;
  readonly #context: string;
  readonly #known = new Map<string, Session>();

  /** @param server what the ids are good for; those of another server are not */
  constructor(seal: Seal, server: string) {
    this.#seal = seal;
    this.#context = `session of ${server}`;
  }

  issue({ sid, version, client, owner, expiresAt }: Session): Promise<string> {
    const { info, capabilities } = condense(client);
    return this.#seal.seal(
      JSON.stringify({ s: sid, v: version, i: info, c: capabilities, o: owner, e: expiresAt }),
      this.#context,
    );
  }

  /** undefined for anything that was not issued for this server. Does not look at the time. */
  async read(text: string): Promise<Session | undefined> {
    const known = this.#known.get(text);
    if (known) return known;
    const opened = await this.#seal.open(text, this.#context);
    const session = opened === undefined ? undefined : parse(JSON.parse(opened));
    if (session) this.#remember(text, session);
    return session;
  }

  #remember(text: string, session: Session): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MAX_KNOWN) this.#known.delete(oldest);
    this.#known.set(text, session);
  }
}

function parse(value: unknown): Session | undefined {
  if (!isJsonObject(value)) return undefined;
  const { s: sid, v: version, i: info, c: capabilities, o: owner, e: expiresAt } = value;
  if (typeof sid !== 'string' || typeof version !== 'string' || typeof owner !== 'string') return undefined;
  if (typeof expiresAt !== 'number' || !isJsonObject(capabilities)) return undefined;
  const client = { capabilities, ...(isJsonObject(info) && { info: info as JsonObject }) };
  return { sid, version, client, owner, expiresAt };
}

import { RpcError, ToolError } from '../errors.ts';
import type { Exchange } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { missingCapabilities, type Question, readAnswer, toWire, type WireQuestion } from './question.ts';

/** Thrown inside a handler to leave it until the client has answered. Not a failure. */
export class InputRequired extends Error {
  constructor() {
    super('The handler waits for the client to answer; it will run again with the answers.');
    this.name = 'InputRequired';
  }
}

/** What earlier rounds left, carried by the client in the sealed request state. */
export interface RoundMemory {
  readonly answers: Readonly<Record<string, JsonObject>>;
  readonly remembered: Readonly<Record<string, JsonValue>>;
}

/**
 * One call's questions to its client. On 2026-07-28 a question without an answer ends the round: the handler is left,
 * the client asked, and the handler run again with the answers. In older eras the question is sent in mid-call.
 */
export class InputRounds {
  readonly #exchange: Exchange;
  readonly #answers: Record<string, JsonObject>;
  readonly #remembered: Record<string, JsonValue>;
  readonly #making = new Map<string, Promise<JsonValue>>();
  readonly #open = new Map<string, WireQuestion>();

  constructor(exchange: Exchange, memory: RoundMemory = { answers: {}, remembered: {} }) {
    this.#exchange = exchange;
    this.#answers = { ...memory.answers, ...responsesIn(exchange.params.inputResponses) };
    this.#remembered = { ...memory.remembered };
  }

  /** Questions that wait for an answer; empty when the handler ended by itself. */
  get open(): ReadonlyMap<string, WireQuestion> {
    return this.#open;
  }

  get memory(): RoundMemory {
    return { answers: this.#answers, remembered: this.#remembered };
  }

  /** @throws InputRequired when the client has to be asked first; RpcError -32021 when it cannot be asked that */
  async ask(key: string, question: Question): Promise<unknown> {
    const wire = toWire(question);
    this.#assertAskable(wire);
    if (this.#exchange.era === 'legacy') return this.#askInCall(question, wire);
    const given = Object.hasOwn(this.#answers, key) ? this.#answers[key] : undefined;
    const answer = given && (await readAnswer(question, given));
    if (answer !== undefined) return answer;
    delete this.#answers[key];
    this.#open.set(key, wire);
    // Questions that are asked side by side, as with Promise.all, all get registered before the handler is left.
    await new Promise((resolve) => setTimeout(resolve, 0));
    throw new InputRequired();
  }

  /** Made once, however often and at once it is asked for. The value of an earlier round, or a fresh one that later rounds will get. It travels sealed with the client: keep it small. */
  async remember<T>(key: string, make: () => T | Promise<T>): Promise<T> {
    if (Object.hasOwn(this.#remembered, key)) return this.#remembered[key] as T;
    const making = this.#making.get(key) ?? this.#make(key, make);
    this.#making.set(key, making);
    return (await making.finally(() => this.#making.delete(key))) as T;
  }

  /** The first round gets what later ones will: what has become of the value as JSON. */
  async #make(key: string, make: () => unknown): Promise<JsonValue> {
    const value = JSON.parse(JSON.stringify((await make()) ?? null)) as JsonValue;
    this.#remembered[key] = value;
    return value;
  }

  #assertAskable({ requires, method }: WireQuestion): void {
    const missing = missingCapabilities(requires, this.#exchange.client.capabilities);
    if (!missing) return;
    if (this.#exchange.era === 'modern') {
      throw new RpcError(RPC.missingClientCapability, `Missing required client capability for ${method}`, {
        requiredCapabilities: missing,
      });
    }
    throw new ToolError(`This needs to ask the client (${method}), and the client did not say that it can be asked.`);
  }

  async #askInCall(question: Question, { method, params }: WireQuestion): Promise<unknown> {
    const { ask } = this.#exchange.sink;
    if (!ask) throw new ToolError(`This needs to ask the client (${method}), which this connection cannot do.`);
    const withId = params.mode === 'url' ? { ...params, elicitationId: globalThis.crypto.randomUUID() } : params;
    const answer = await readAnswer(question, await ask.call(this.#exchange.sink, method, withId));
    if (answer === undefined) throw new ToolError(`The client's answer to ${method} does not fit what was asked.`);
    return answer;
  }
}

/** Bare response objects by key. Whatever else a client puts there is no answer, and is asked again. */
function responsesIn(value: unknown): Record<string, JsonObject> {
  if (!isJsonObject(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, JsonObject] =>
      isJsonObject(entry[1]) && !('method' in entry[1]) && !('result' in entry[1]),
  );
  return Object.fromEntries(entries);
}

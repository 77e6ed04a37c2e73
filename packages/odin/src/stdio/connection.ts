import type { Readable, Writable } from 'node:stream';
import { observe } from '../observability/observe.ts';
import { type Answer, formatResponse, protocolError, type RequestId } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { ClientIdentity, Exchange } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { Questions } from '../protocol/questions.ts';
import { RPC } from '../protocol/vocabulary.ts';
import type { OdinServer } from '../server.ts';
import { readEnvelope } from './envelope.ts';
import { readLines } from './lines.ts';
import { PipeSession } from './session.ts';
import { PipeSink } from './sink.ts';

/** Longest line that is read, in characters; the pipe is closed on a longer one. */
const MAX_LINE = 4_194_304;

/** One client on a pipe. Requests run side by side; what they write goes out line by line. */
export class StdioConnection {
  readonly #odin: OdinServer;
  readonly #output: Writable;
  readonly #running = new Map<RequestId, Cancellation>();
  readonly #pending = new Set<Promise<void>>();
  readonly #questions = new Questions((json) => void this.#write(json));
  /** What `initialize` agreed on; until then the connection speaks 2026-07-28 only. */
  #legacy: { readonly protocolVersion: string; readonly client: ClientIdentity } | undefined;
  #session: PipeSession | undefined;
  #drained: Promise<void> | undefined;

  constructor(odin: OdinServer, output: Writable) {
    this.#odin = odin;
    this.#output = output;
    // A client that is gone is seen by the end of the input.
    output.on('error', () => {});
  }

  async read(input: Readable): Promise<void> {
    for await (const line of readLines(input, MAX_LINE)) {
      if (line.trim() !== '') this.#receive(line);
    }
    for (const cancellation of this.#running.values()) cancellation.leave('The client closed the connection');
    await Promise.all(this.#pending);
    this.#session?.close();
  }

  #receive(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return this.#answer(null, protocolError(RPC.parseError, 'Parse error: the line is not valid JSON'));
    }
    if (!isJsonObject(message) || message.jsonrpc !== '2.0') return this.#invalid(null);
    if (typeof message.method !== 'string')
      return 'result' in message || 'error' in message ? this.#questions.answered(message) : this.#invalid(null);
    if (!('id' in message)) return this.#notified(message.method, message.params);
    const { id } = message;
    if (typeof id !== 'string' && !(typeof id === 'number' && Number.isInteger(id))) return this.#invalid(null);
    this.#start(id, message.method, isJsonObject(message.params) ? message.params : {});
  }

  #invalid(id: RequestId | null): void {
    this.#answer(id, protocolError(RPC.invalidRequest, 'Invalid request: not a JSON-RPC 2.0 message'));
  }

  #notified(method: string, params: unknown): void {
    if (method === 'notifications/initialized') return this.#session?.ready();
    if (method !== 'notifications/cancelled' || !isJsonObject(params)) return;
    const { requestId } = params;
    if (typeof requestId === 'string' || typeof requestId === 'number')
      this.#running.get(requestId)?.leave('The client cancelled the request');
  }

  #start(id: RequestId, method: string, params: JsonObject): void {
    if (this.#running.has(id))
      return this.#answer(id, protocolError(RPC.invalidRequest, 'Invalid request: this id is already in use'));
    const envelope = readEnvelope(method, params, this.#legacy);
    if (envelope.kind === 'refused') return this.#answer(id, envelope.answer);
    if (method === 'initialize' && envelope.era === 'legacy') this.#introduced(envelope);
    const cancellation = new Cancellation();
    const sink = new PipeSink(
      (json) => this.#write(json),
      (asked, askedParams) => this.#questions.ask(asked, askedParams, cancellation.signal),
    );
    const exchange: Exchange = {
      id,
      method,
      params,
      meta: isJsonObject(params._meta) ? params._meta : {},
      era: envelope.era,
      protocolVersion: envelope.protocolVersion,
      client: envelope.client,
      principal: undefined,
      cancellation,
      ...(envelope.era === 'legacy' && this.#session && { session: this.#session }),
      sink,
    };
    this.#running.set(id, cancellation);
    const run = this.#run(exchange, sink).finally(() => {
      this.#running.delete(id);
      this.#pending.delete(run);
    });
    this.#pending.add(run);
  }

  #introduced(handshake: { readonly protocolVersion: string; readonly client: ClientIdentity }): void {
    this.#legacy = handshake;
    this.#session?.close();
    this.#session = new PipeSession(this.#odin.parts, (json) => this.#write(json));
  }

  async #run(exchange: Exchange, sink: PipeSink): Promise<void> {
    const startedAt = performance.now();
    const answer = await dispatch(exchange, this.#odin.parts);
    await sink.finish();
    if (!exchange.cancellation.byClient) this.#answer(exchange.id, answer);
    this.#odin.tell(
      observe(exchange, answer, { reply: 'stdio', status: 200, durationMs: performance.now() - startedAt }),
    );
  }

  #answer(id: RequestId | null, answer: Answer): void {
    if (answer.kind !== 'delegated') void this.#write(formatResponse(id, answer));
  }

  #write(json: string): Promise<void> | void {
    if (this.#output.write(`${json}\n`)) return;
    this.#drained ??= this.#untilDrained();
    return this.#drained;
  }

  /** One wait for all who write; a client that is gone takes nothing, and must not keep anybody waiting. */
  #untilDrained(): Promise<void> {
    const output = this.#output;
    return new Promise((resolve) => {
      const go = (): void => {
        for (const event of ['drain', 'close', 'error']) output.off(event, go);
        this.#drained = undefined;
        resolve();
      };
      if (output.destroyed) return go();
      for (const event of ['drain', 'close', 'error']) output.on(event, go);
    });
  }
}

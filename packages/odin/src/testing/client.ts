import type { Principal } from '@asgard/heimdall-client';
import type { CallToolResult, GetPromptResult, ReadResourceResult, Tool } from '@modelcontextprotocol/server';
import { RpcError } from '../errors.ts';
import { type Answer, deniedError } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { Era, Exchange, Sink } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { MODERN_VERSION } from '../protocol/vocabulary.ts';
import type { OdinServer } from '../server.ts';

export interface TestClientOptions {
  /** Who calls. Make one with `testPrincipal`. @default nobody: no scope is asked for, as over stdio */
  readonly principal?: Principal;
  /** What the client can be asked for, for example `{ elicitation: {} }`. @default nothing */
  readonly capabilities?: JsonObject;
  /** `legacy`: as a client of 2025-11-25, without a session. @default 'modern' */
  readonly era?: Era;
  /**
   * Answers what the server asks: in mid-call in the legacy era; else each `input_required` is answered and the call
   * made again, until it ends. @default it cannot be asked; `input_required` is given as it is
   */
  readonly onRequest?: (method: string, params: JsonObject) => Promise<JsonObject>;
}

export interface TestCallOptions {
  /** Receives every notification of the call, in order. */
  readonly onNotification?: (method: string, params: JsonObject) => void;
  /** Cancels the call, as a client that closes its stream does. */
  readonly signal?: AbortSignal;
  /** Further members of `_meta`. */
  readonly meta?: JsonObject;
}

/** A client in the same process: the whole protocol, no transport. */
export interface TestClient {
  /** The result of any method. @throws RpcError for a JSON-RPC error, or -32000 when scopes are missing */
  request(method: string, params?: JsonObject, options?: TestCallOptions): Promise<JsonObject>;
  callTool(name: string, args?: JsonObject, options?: TestCallOptions): Promise<CallToolResult>;
  listTools(): Promise<readonly Tool[]>;
  readResource(uri: string): Promise<ReadResourceResult>;
  getPrompt(name: string, args?: JsonObject): Promise<GetPromptResult>;
}

/** Calls a server without network and without a token. */
export function createTestClient(odin: OdinServer, options: TestClientOptions = {}): TestClient {
  const { principal, capabilities = {}, era = 'modern', onRequest } = options;
  let lastId = 0;
  const request = async (method: string, params: JsonObject = {}, call: TestCallOptions = {}): Promise<JsonObject> => {
    let result = await exchangeOnce(method, params, call);
    for (let round = 0; onRequest && result.resultType === 'input_required'; round += 1) {
      if (round === MAX_ROUNDS) throw new Error(`${method} asked again and again: ${MAX_ROUNDS} rounds did not end it`);
      const inputResponses = await answersTo(result.inputRequests, onRequest);
      const { requestState } = result;
      const retry = { ...params, inputResponses, ...(requestState !== undefined && { requestState }) };
      result = await exchangeOnce(method, retry, call);
    }
    return result;
  };
  const exchangeOnce = async (method: string, params: JsonObject, call: TestCallOptions): Promise<JsonObject> => {
    lastId += 1;
    const cancellation = new Cancellation();
    const cancel = (): void => cancellation.leave('The test cancelled the call');
    if (call.signal?.aborted) cancel();
    call.signal?.addEventListener('abort', cancel, { once: true });
    const meta = { progressToken: lastId, ...(isJsonObject(params._meta) ? params._meta : {}), ...call.meta };
    const exchange: Exchange = {
      id: lastId,
      method,
      params: { ...params, _meta: meta },
      meta,
      era,
      protocolVersion: era === 'modern' ? MODERN_VERSION : '2025-11-25',
      client: { info: { name: 'test', version: '0' }, capabilities },
      principal,
      cancellation,
      sink: { ...sinkTo(call.onNotification), ...(onRequest && { ask: onRequest }) },
    };
    return resultOf(await dispatch(exchange, odin.parts));
  };
  return {
    request,
    callTool: async (name, args = {}, options) =>
      as<CallToolResult>(await request('tools/call', { name, arguments: args }, options)),
    listTools: async () => as<{ tools: readonly Tool[] }>(await request('tools/list')).tools,
    readResource: async (uri) => as<ReadResourceResult>(await request('resources/read', { uri })),
    getPrompt: async (name, args = {}) => as<GetPromptResult>(await request('prompts/get', { name, arguments: args })),
  };
}

/** As many as an SDK client takes part in. */
const MAX_ROUNDS = 8;

async function answersTo(
  requests: unknown,
  onRequest: NonNullable<TestClientOptions['onRequest']>,
): Promise<JsonObject> {
  const answers: Record<string, JsonObject> = {};
  for (const [key, { method, params = {} }] of Object.entries(requests as Record<string, Asked>))
    answers[key] = await onRequest(method, params);
  return answers;
}

interface Asked {
  readonly method: string;
  readonly params?: JsonObject;
}

/** The server's own result, by the protocol's name for it. */
function as<T>(result: JsonObject): T {
  return result as unknown as T;
}

function sinkTo(onNotification: TestCallOptions['onNotification']): Sink {
  return {
    send: (json) => {
      const { method, params } = JSON.parse(json) as { method: string; params: JsonObject };
      onNotification?.(method, params);
    },
  };
}

function resultOf(answer: Answer): JsonObject {
  switch (answer.kind) {
    case 'result':
      return JSON.parse(JSON.stringify(answer.result)) as JsonObject;
    case 'prepared':
      return JSON.parse(answer.json) as JsonObject;
    case 'error':
      throw new RpcError(answer.error.code, answer.error.message, answer.error.data);
    case 'denied': {
      const { code, message } = deniedError(answer.denial);
      throw new RpcError(code, message);
    }
    case 'delegated':
      return {};
  }
}

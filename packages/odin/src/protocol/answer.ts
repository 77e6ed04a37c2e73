import type { JsonObject } from './json.ts';
import { RPC } from './vocabulary.ts';

export type RequestId = string | number;

/** The `error` member of a JSON-RPC response. */
export interface RpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Why a caller may not. `scopes` are all that are needed, not only the missing ones (RFC 6750 section 3.1). */
export interface Denial {
  /** `rule`: nobody may, by a rule of the operator. */
  readonly what: 'scopes' | 'roles' | 'organization' | 'rule';
  readonly scopes: readonly string[];
}

/**
 * How an exchange ends.
 * - `result`: an object, with its JSON text once the dispatcher has made it; `prepared`: its JSON text, made once and served many times
 * - `error`: who raised it decides the HTTP status, see `http/status.ts`
 * - `denied`: the caller lacks scopes, roles or an organization, or nobody may: HTTP 403
 * - `delegated`: the transport took over; nothing more comes from this process
 */
export type Answer =
  | { readonly kind: 'result'; readonly result: JsonObject; readonly json?: string }
  | { readonly kind: 'prepared'; readonly json: string }
  | { readonly kind: 'error'; readonly origin: 'protocol' | 'handler'; readonly error: RpcErrorObject }
  | { readonly kind: 'denied'; readonly denial: Denial }
  | { readonly kind: 'delegated' };

/** What ends an exchange in this process. */
export type FinalAnswer = Exclude<Answer, { kind: 'delegated' }>;

type ErrorAnswer = Extract<Answer, { kind: 'error' }>;

export function resultAnswer(result: JsonObject): Answer {
  return { kind: 'result', result };
}

export function protocolError(code: number, message: string, data?: unknown): ErrorAnswer {
  return { kind: 'error', origin: 'protocol', error: errorObject(code, message, data) };
}

export function handlerError(code: number, message: string, data?: unknown): ErrorAnswer {
  return { kind: 'error', origin: 'handler', error: errorObject(code, message, data) };
}

/** Bad params of a known method: answered in band, with the HTTP status of a success. */
export function invalidParams(message: string, data?: unknown): Answer {
  return handlerError(RPC.invalidParams, message, data);
}

/** The JSON text of the response that ends an exchange. */
export function formatResponse(id: RequestId | null, answer: FinalAnswer): string {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;
  switch (answer.kind) {
    case 'prepared':
      return `${head}"result":${answer.json}}`;
    case 'result':
      return `${head}"result":${answer.json ?? JSON.stringify(answer.result)}}`;
    case 'error':
      return `${head}"error":${JSON.stringify(answer.error)}}`;
    case 'denied':
      return `${head}"error":${JSON.stringify(deniedError(answer.denial))}}`;
  }
}

/** A denial in JSON-RPC's words. */
export function deniedError({ what, scopes }: Denial): RpcErrorObject {
  return {
    code: RPC.refused,
    message: what === 'scopes' ? `Insufficient scope: this needs ${scopes.join(' ')}` : DENIALS[what],
  };
}

const DENIALS = {
  roles: 'Forbidden: the caller does not have the role that this needs',
  organization: 'Forbidden: the caller is not a member of the organization that this belongs to',
  rule: 'Forbidden: a rule of this server lets nobody call this tool',
} as const;

function errorObject(code: number, message: string, data: unknown): RpcErrorObject {
  return data === undefined ? { code, message } : { code, message, data };
}

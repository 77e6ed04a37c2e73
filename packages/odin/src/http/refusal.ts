import { type Answer, formatResponse, protocolError, type RequestId } from '../protocol/answer.ts';
import { RPC } from '../protocol/vocabulary.ts';
import type { HttpHeaders, HttpResponder } from './message.ts';

/** An answer that is given before any method runs. */
export interface Refusal {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly answer: Exclude<Answer, { kind: 'delegated' }>;
  readonly id: RequestId | null;
}

export const JSON_HEADERS: HttpHeaders = { 'content-type': 'application/json' };

/** A refusal by transport rules, in JSON-RPC's words. */
export function refuse(status: number, message: string, headers: HttpHeaders = {}): Refusal {
  return refuseWith({ status, code: RPC.refused, message }, headers);
}

export interface RefusalDetail {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
  readonly id?: RequestId | null;
}

export function refuseWith(
  { status, code, message, data, id = null }: RefusalDetail,
  headers: HttpHeaders = {},
): Refusal {
  return {
    status,
    headers,
    id,
    answer: protocolError(code, message, data),
  };
}

export function sendRefusal(refusal: Refusal, responder: HttpResponder): void {
  responder.send(refusal.status, { ...JSON_HEADERS, ...refusal.headers }, formatResponse(refusal.id, refusal.answer));
}

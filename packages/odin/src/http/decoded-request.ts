import type { RequestId } from '../protocol/answer.ts';
import type { ClientIdentity, Era } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';

/** A JSON-RPC request of either era, with everything that its envelope and headers say. */
export interface DecodedRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: JsonObject;
  readonly era: Era;
  readonly protocolVersion: string;
  readonly client: ClientIdentity;
}

import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { LOG_LEVELS, type LogLevel, META, MODERN_VERSION } from '../protocol/vocabulary.ts';
import type { DecodedRequest } from './decoded-request.ts';
import type { HttpRequest } from './message.ts';

/** Members of a JSON-RPC request that carries params. */
const MEMBERS = 4;
/** Clients whose identity is remembered as valid. */
const MAX_KNOWN_CLIENTS = 256;
/** Characters of one such identity; what is longer is classified each time. */
const MAX_IDENTITY = 4_096;

/**
 * Recognises the requests that nearly all traffic is made of: 2026-07-28, complete, with headers that say the same.
 * Anything else, good or bad, is left to the full classification, which also says what is wrong with it.
 */
export class PlainRequests {
  /** JSON texts of client identities that passed the full classification. */
  readonly #knownClients = new Set<string>();

  read(request: HttpRequest, body: unknown): DecodedRequest | undefined {
    if (!isJsonObject(body) || body.jsonrpc !== '2.0') return undefined;
    const { id, method, params } = body;
    if (typeof method !== 'string' || !isId(id) || !isJsonObject(params) || Object.keys(body).length !== MEMBERS)
      return undefined;
    if (request.header('mcp-method') !== method || request.header('mcp-protocol-version') !== MODERN_VERSION)
      return undefined;
    const meta = params._meta;
    if (!isJsonObject(meta) || meta[META.protocolVersion] !== MODERN_VERSION || !hasPlainExtras(meta)) return undefined;
    const { [META.clientCapabilities]: capabilities, [META.clientInfo]: info } = meta;
    if (!isJsonObject(capabilities) || !this.#knownClients.has(identityKey(meta))) return undefined;
    const client = isJsonObject(info) ? { capabilities, info } : { capabilities };
    return { id, method, params, meta, era: 'modern', protocolVersion: MODERN_VERSION, client };
  }

  /** Remembers the sender of a request that passed the full classification. */
  remember({ meta }: DecodedRequest): void {
    const key = identityKey(meta);
    if (this.#knownClients.size < MAX_KNOWN_CLIENTS && key.length <= MAX_IDENTITY) this.#knownClients.add(key);
  }
}

function identityKey(meta: JsonObject): string {
  return `${JSON.stringify(meta[META.clientCapabilities])}${JSON.stringify(meta[META.clientInfo])}`;
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function hasPlainExtras({ progressToken, [META.logLevel]: level }: JsonObject): boolean {
  return (
    (progressToken === undefined || isId(progressToken)) &&
    (level === undefined || LOG_LEVELS.includes(level as LogLevel))
  );
}

import { classifyInboundRequest, isInitializeRequest } from '@modelcontextprotocol/server';
import type { RequestId } from '../protocol/answer.ts';
import type { ClientIdentity } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { LEGACY_VERSIONS, META, MODERN_VERSION, RPC } from '../protocol/vocabulary.ts';
import type { DecodedRequest } from './decoded-request.ts';
import { checkStandardHeaders } from './headers.ts';
import type { HttpRequest } from './message.ts';
import type { PlainRequests } from './plain-request.ts';
import { type Refusal, refuse, refuseWith } from './refusal.ts';

/**
 * What one POST asks for. `accepted`: nothing to answer (a notification, or a response to an older era's request); with
 * the message when it may belong to a session.
 */
export type Decoded =
  | { readonly kind: 'request'; readonly request: DecodedRequest }
  | { readonly kind: 'accepted'; readonly message?: JsonObject }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

interface Message {
  readonly id: RequestId;
  readonly method: string;
  readonly params?: unknown;
}

/** JSON, then JSON-RPC, then the era with its envelope, then the headers that must agree with it. */
export function decode(request: HttpRequest, body: string, plain: PlainRequests): Decoded {
  const parsed = parseJson(body);
  if (!parsed.ok)
    return refused(
      refuseWith({ status: 400, code: RPC.parseError, message: 'Parse error: the request body is not valid JSON' }),
    );
  const known = plain.read(request, parsed.value);
  if (known) return checked(request, known);
  const decoded = classify(request, parsed.value);
  if (decoded.kind === 'request' && decoded.request.era === 'modern') plain.remember(decoded.request);
  return decoded;
}

function checked(request: HttpRequest, decoded: DecodedRequest): Decoded {
  const mismatch = checkStandardHeaders(request, decoded);
  return mismatch ? refused(mismatch) : { kind: 'request', request: decoded };
}

function classify(request: HttpRequest, body: unknown): Decoded {
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...named('protocolVersionHeader', request.header('mcp-protocol-version')),
    ...named('mcpMethodHeader', request.header('mcp-method')),
    ...named('mcpNameHeader', request.header('mcp-name')),
  });
  switch (route.kind) {
    case 'reject': {
      const { httpStatus: status, code, message, data } = route;
      return refused(refuseWith({ status, code, message, data, id: idOf(body) }));
    }
    case 'modern':
      return route.messageKind === 'request' ? decodeModern(request, route.message as Message) : { kind: 'accepted' };
    case 'legacy':
      return decodeLegacy(request, route.reason, body);
  }
}

function decodeModern(request: HttpRequest, message: Message): Decoded {
  const params = isJsonObject(message.params) ? message.params : {};
  const meta = isJsonObject(params._meta) ? params._meta : {};
  const requested = meta[META.protocolVersion];
  if (requested !== MODERN_VERSION) {
    return refused(
      refuseWith({
        status: 400,
        code: RPC.unsupportedProtocolVersion,
        message: `Unsupported protocol version: ${typeof requested === 'string' ? requested : JSON.stringify(requested)}`,
        data: { supported: [MODERN_VERSION], requested },
        id: message.id,
      }),
    );
  }
  const { [META.clientInfo]: info, [META.clientCapabilities]: capabilities } = meta;
  const client = { capabilities: isJsonObject(capabilities) ? capabilities : {}, ...(isJsonObject(info) && { info }) };
  return checked(request, {
    id: message.id,
    method: message.method,
    params,
    meta,
    era: 'modern',
    protocolVersion: requested,
    client,
  });
}

function decodeLegacy(request: HttpRequest, reason: string, body: unknown): Decoded {
  if (reason === 'batch') {
    return refused(
      refuseWith({
        status: 400,
        code: RPC.invalidRequest,
        message: 'Bad Request: JSON-RPC batches are not supported by this endpoint',
      }),
    );
  }
  const version = request.header('mcp-protocol-version');
  if (version !== undefined && !LEGACY_VERSIONS.includes(version)) {
    return refused(
      refuse(
        400,
        `Bad Request: Unsupported protocol version: ${version} (supported versions: ${LEGACY_VERSIONS.join(', ')})`,
      ),
    );
  }
  if (reason === 'notification' || reason === 'response')
    return { kind: 'accepted', ...(isJsonObject(body) && { message: body }) };
  const message = body as Message;
  const params = isJsonObject(message.params) ? message.params : {};
  const initialize = isInitializeRequest(body) ? body.params : undefined;
  if (message.method === 'initialize' && !initialize) {
    return refused(
      refuseWith({
        status: 200,
        code: RPC.invalidParams,
        message: 'Invalid params: initialize needs "protocolVersion", "capabilities" and "clientInfo"',
        id: message.id,
      }),
    );
  }
  const client: ClientIdentity = initialize
    ? { info: { ...initialize.clientInfo } as JsonObject, capabilities: initialize.capabilities as JsonObject }
    : { capabilities: {} };
  return {
    kind: 'request',
    request: {
      id: message.id,
      method: message.method,
      params,
      meta: isJsonObject(params._meta) ? params._meta : {},
      era: 'legacy',
      protocolVersion: version ?? initialize?.protocolVersion ?? '2025-03-26',
      client,
    },
  };
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** The id of a message that was refused, if it has one that can be echoed. */
function idOf(body: unknown): RequestId | null {
  const id = isJsonObject(body) ? body.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function named<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

function refused(refusal: Refusal): Decoded {
  return { kind: 'refused', refusal };
}

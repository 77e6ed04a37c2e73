import { type Answer, protocolError } from '../protocol/answer.ts';
import type { ClientIdentity, Era } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { agreedVersion, LEGACY_VERSIONS, META, MODERN_VERSION, RPC } from '../protocol/vocabulary.ts';

export type Envelope =
  | { readonly kind: 'known'; readonly era: Era; readonly protocolVersion: string; readonly client: ClientIdentity }
  | { readonly kind: 'refused'; readonly answer: Answer };

/**
 * Era and sender of a request on a pipe: from its own `_meta` (2026-07-28), or from the connection's handshake.
 * The body alone decides; there are no headers.
 */
export function readEnvelope(
  method: string,
  params: JsonObject,
  handshake: { readonly protocolVersion: string; readonly client: ClientIdentity } | undefined,
): Envelope {
  const meta = isJsonObject(params._meta) ? params._meta : {};
  const claimed = meta[META.protocolVersion];
  if (claimed !== undefined) return fromMeta(claimed, meta);
  if (method === 'initialize') return fromInitialize(params);
  if (handshake) return { kind: 'known', era: 'legacy', ...handshake };
  return refused(
    RPC.unsupportedProtocolVersion,
    'Unsupported protocol version: the request names none and the connection was not initialized',
    { supported: [MODERN_VERSION, ...LEGACY_VERSIONS] },
  );
}

function fromMeta(claimed: unknown, meta: JsonObject): Envelope {
  if (claimed !== MODERN_VERSION) {
    return refused(RPC.unsupportedProtocolVersion, `Unsupported protocol version: ${JSON.stringify(claimed)}`, {
      supported: [MODERN_VERSION],
      requested: claimed,
    });
  }
  const { [META.clientCapabilities]: capabilities, [META.clientInfo]: info } = meta;
  if (!isJsonObject(capabilities)) {
    return refused(
      RPC.invalidParams,
      `Invalid _meta envelope for protocol revision ${MODERN_VERSION}: ${META.clientCapabilities} is required`,
    );
  }
  return {
    kind: 'known',
    era: 'modern',
    protocolVersion: claimed,
    client: { capabilities, ...(isJsonObject(info) && { info }) },
  };
}

function fromInitialize(params: JsonObject): Envelope {
  const { protocolVersion, clientInfo, capabilities } = params;
  if (typeof protocolVersion !== 'string' || !isJsonObject(clientInfo) || !isJsonObject(capabilities)) {
    return refused(
      RPC.invalidParams,
      'Invalid params: initialize needs "protocolVersion", "capabilities" and "clientInfo"',
    );
  }
  return {
    kind: 'known',
    era: 'legacy',
    protocolVersion: agreedVersion(protocolVersion),
    client: { info: clientInfo, capabilities },
  };
}

function refused(code: number, message: string, data?: unknown): Envelope {
  return { kind: 'refused', answer: protocolError(code, message, data) };
}

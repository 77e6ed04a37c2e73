import { type Answer, invalidParams, resultAnswer } from '../answer.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { finishResult, NOT_CACHED } from '../eras.ts';
import type { Exchange } from '../exchange.ts';
import type { ServerParts } from '../server-parts.ts';
import { agreedVersion, MODERN_VERSION } from '../vocabulary.ts';

/** `server/discover` (MCP 2026-07-28, server/discover). */
export function discover(exchange: Exchange, parts: ServerParts): Answer {
  const result = {
    supportedVersions: [MODERN_VERSION],
    capabilities: capabilitiesOf(parts.catalog, 'modern'),
    ...(parts.instructions !== undefined && { instructions: parts.instructions }),
  };
  return resultAnswer(finishResult(exchange.era, result, parts.identity, NOT_CACHED));
}

/** `initialize` (MCP 2025-11-25, basic/lifecycle). */
export function initialize(exchange: Exchange, parts: ServerParts): Answer {
  const { protocolVersion } = exchange.params;
  if (typeof protocolVersion !== 'string') return invalidParams('Invalid params: "protocolVersion" must be a string');
  return resultAnswer({
    protocolVersion: agreedVersion(protocolVersion),
    capabilities: capabilitiesOf(parts.catalog, 'legacy', exchange.session !== undefined),
    serverInfo: parts.identity,
    ...(parts.instructions !== undefined && { instructions: parts.instructions }),
  });
}

/** `ping` (MCP 2025-11-25, basic/utilities/ping). */
export function ping(): Answer {
  return resultAnswer({});
}

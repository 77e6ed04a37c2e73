import type { Answer } from '../protocol/answer.ts';
import type { Era } from '../protocol/exchange.ts';
import { RPC } from '../protocol/vocabulary.ts';

const PROTOCOL_STATUS: ReadonlyMap<number, number> = new Map<number, number>([
  [RPC.parseError, 400],
  [RPC.invalidRequest, 400],
  [RPC.methodNotFound, 404],
  [RPC.headerMismatch, 400],
  [RPC.missingClientCapability, 400],
  [RPC.unsupportedProtocolVersion, 400],
]);

/**
 * The HTTP status of an answer (MCP 2026-07-28, basic/transports): errors of the protocol have their own, errors of
 * handlers are answers like any other. Before that revision every JSON-RPC answer is a 200.
 */
export function statusOf(answer: Answer, era: Era): number {
  if (answer.kind === 'denied') return 403;
  if (answer.kind !== 'error' || era === 'legacy') return 200;
  if (answer.error.code === RPC.missingClientCapability) return 400;
  return answer.origin === 'protocol' ? (PROTOCOL_STATUS.get(answer.error.code) ?? 200) : 200;
}

import type { Exchange } from '../protocol/exchange.ts';

/** A JSON-RPC request of either era, with everything that its envelope and headers say. */
export type DecodedRequest = Pick<Exchange, 'id' | 'method' | 'params' | 'meta' | 'era' | 'protocolVersion' | 'client'>;

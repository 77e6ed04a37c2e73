/** Every reason for which Odin itself throws. The list is closed; a new reason is a new code. */
export type OdinErrorCode =
  | 'bad_option'
  | 'bad_decorator'
  | 'bad_schema'
  | 'duplicate_name'
  | 'closed'
  | 'cluster_unreachable'
  | 'redis_missing'
  | 'tool_failed'
  | 'rpc';

/**
 * The base of all errors that Odin throws, and the only errors whose message a client may see.
 * A handler that throws anything else is answered with a reference number; the text goes to the log.
 */
export class OdinError extends Error {
  readonly code: OdinErrorCode;

  constructor(code: OdinErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * A tool's own failure, told to the model: becomes a result with `isError: true` and this message.
 *
 * @see MCP 2026-07-28, server/tools, "Error Handling": tool execution errors
 */
export class ToolError extends OdinError {
  constructor(message: string, options?: ErrorOptions) {
    super('tool_failed', message, options);
  }
}

/** A JSON-RPC error that a handler answers the request with, message and `data` included. */
export class RpcError extends OdinError {
  /** The JSON-RPC error code, for example -32602. */
  readonly rpcCode: number;
  readonly data: unknown;

  constructor(rpcCode: number, message: string, data?: unknown) {
    super('rpc', message);
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

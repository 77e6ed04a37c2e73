import type { InfraSettings } from './settings.ts';

/** Response headers that scripts of an allowed page may read. */
export const EXPOSED_HEADERS: readonly string[] = [
  'WWW-Authenticate',
  'Mcp-Session-Id',
  'MCP-Protocol-Version',
  'X-Request-Id',
  'Retry-After',
];

export const CORS_METHODS = ['GET', 'POST', 'DELETE', 'OPTIONS'] as const;

/** Seconds for which a browser keeps the answer to a preflight. */
export const CORS_MAX_AGE_SECONDS = 600;

const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Accept',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
  'Last-Event-ID',
  'X-Request-Id',
  'traceparent',
  'tracestate',
  'baggage',
];

/**
 * Request headers that an allowed page may send. Undefined means whatever its preflight asks for: a fixed list would shut out the
 * `Mcp-Param-*` headers of tools that the gateway has not been told of.
 */
export function corsHeadersOf({ paramHeaders }: Pick<InfraSettings, 'paramHeaders'>): readonly string[] | undefined {
  if (paramHeaders.length === 0) return undefined;
  return [...REQUEST_HEADERS, ...paramHeaders.map((name) => `Mcp-Param-${name}`)];
}

/** What may stand after `Mcp-Param-`: a token (RFC 9110 section 5.6.2) of a length that a list of headers can bear. */
export const PARAM_HEADER: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/;

/** The `x-mcp-header` names in the input schemas of a tools/list result, for the setting `paramHeaders`. What cannot be one is left out. */
export function collectParamHeaders(tools: readonly { readonly inputSchema?: unknown }[]): readonly string[] {
  const found = new Set<string>();
  const visit = (schema: unknown, depth: number): void => {
    if (typeof schema !== 'object' || schema === null || depth > 32) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'x-mcp-header' && typeof value === 'string' && PARAM_HEADER.test(value)) found.add(value);
      else visit(value, depth + 1);
    }
  };
  for (const { inputSchema } of tools) visit(inputSchema, 0);
  return [...found].sort();
}

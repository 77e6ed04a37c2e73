import { type InfraSettings, mcpUrlOf, resourceMetadataUrlOf } from '../settings.ts';
import { luaList, luaSet, luaString } from './lua.ts';

/** Fields that say who calls. From a client they are forgeries, and kong-oidc overwrites only some of them. */
const IDENTITY_HEADERS = [
  'X-Userinfo',
  'X-ID-Token',
  'X-Access-Token',
  'X-Credential-Identifier',
  'X-Anonymous-Consumer',
  'X-Consumer-ID',
  'X-Consumer-Custom-ID',
  'X-Consumer-Username',
];

/** What only Hermod says. When it is not in front of the gateway, a client has no business with them. */
const GRIP_HEADERS = ['Grip-Sig', 'Grip-Feature', 'Grip-Last'];

/**
 * Before everything else, in the access phase: clearing the X-Forwarded family in an earlier phase does not help, because Kong fills
 * these variables after it. They come from the configuration, so neither a client nor another proxy can say them.
 */
export function accessScript({
  publicUrl,
  edge,
  tenantHosts,
}: Pick<InfraSettings, 'publicUrl' | 'edge' | 'tenantHosts'>): string {
  const { protocol, hostname, port } = new URL(publicUrl);
  const scheme = protocol.slice(0, -1);
  const headers = edge === 'bifrost' ? [...IDENTITY_HEADERS, ...GRIP_HEADERS] : IDENTITY_HEADERS;
  return `for _, name in ipairs(${luaList(headers)}) do
  kong.service.request.clear_header(name)
end
ngx.var.upstream_x_forwarded_proto = ${luaString(scheme)}
${forwardedHost(hostname, tenantHosts)}
ngx.var.upstream_x_forwarded_port = ${luaString(port === '' ? (scheme === 'https' ? '443' : '80') : port)}
ngx.var.upstream_x_forwarded_prefix = ""
`;
}

/** The host of a tenant is said only when it is one. */
function forwardedHost(main: string, tenants: readonly string[]): string {
  if (tenants.length === 0) return `ngx.var.upstream_x_forwarded_host = ${luaString(main)}`;
  return `local host = kong.request.get_host()
local tenants = ${luaSet(tenants)}
ngx.var.upstream_x_forwarded_host = tenants[host] and host or ${luaString(main)}`;
}

/** A refusal by the gateway itself gets the challenge of RFC 9728 section 5.1; one by Odin has its own already. */
export function challengeScript(settings: InfraSettings): string {
  const scope = settings.scopes.length > 0 ? `, scope="${settings.scopes.join(' ')}"` : '';
  const challenge = `resource_metadata="${resourceMetadataUrlOf(settings)}"${scope}`;
  return `if kong.response.get_status() == 401 then
  local given = kong.response.get_header("WWW-Authenticate")
  if not given or not string.find(given, "resource_metadata", 1, true) then
    local reason = kong.request.get_header("Authorization") and 'error="invalid_token", ' or ""
    kong.response.set_header("WWW-Authenticate", "Bearer " .. reason .. ${luaString(challenge)})
  end
end
`;
}

/** nginx eats X-Accel-Buffering, which a further nginx in front of everything needs to see. */
export function streamScript(): string {
  return `local content_type = kong.response.get_header("Content-Type")
if content_type and string.find(content_type, "text/event-stream", 1, true) == 1 then
  kong.response.set_header("X-Accel-Buffering", "no")
end
`;
}

/** A call of a revision that has the headers, without them: no rule of the gateway could see it. Older revisions have none; Odin decides for them. */
export function mcpHeadersScript(): string {
  const body = { jsonrpc: '2.0', id: null, error: { code: -32_020, message: MISSING_HEADERS } };
  return `local version = kong.request.get_header("MCP-Protocol-Version")
if kong.request.get_method() == "POST" and version and version >= "2026" then
  local method = kong.request.get_header("Mcp-Method")
  if not method or (method == "tools/call" and not kong.request.get_header("Mcp-Name")) then
    return kong.response.exit(400, ${luaString(JSON.stringify(body))}, { ["Content-Type"] = "application/json" })
  end
end
`;
}

const MISSING_HEADERS = 'Bad Request: this revision needs the header Mcp-Method, and Mcp-Name for tools/call';

/** What a call of a denied tool gets. The gateway has not read the body, so the id is not known. */
export function denialBody(settings: InfraSettings): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: { code: -32_003, message: `This tool may not be called through ${mcpUrlOf(settings)}` },
  });
}

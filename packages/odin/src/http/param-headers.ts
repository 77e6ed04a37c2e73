import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import { RPC } from '../protocol/vocabulary.ts';
import type { MirroredHeader } from '../registry/mirrored-headers.ts';
import { decodeHeaderValue } from './headers.ts';
import type { HttpRequest } from './message.ts';
import { type Refusal, refuseWith } from './refusal.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** The `Mcp-Param-*` headers must say what the arguments say, since gateways decide by them (MCP 2026-07-28, basic/transports). */
export function checkParamHeaders(
  request: HttpRequest,
  mirrored: readonly MirroredHeader[],
  message: { readonly id: string | number; readonly params: JsonObject },
): Refusal | undefined {
  for (const declared of mirrored) {
    const problem = compare(request, declared, valueAt(message.params.arguments, declared.path));
    if (!problem) continue;
    const { header, body } = problem;
    const text = `Bad Request: the request headers and body disagree: ${body}`;
    return refuseWith({
      status: 400,
      code: RPC.headerMismatch,
      message: text,
      data: { mismatch: { header, body } },
      id: message.id,
    });
  }
  return undefined;
}

function compare(
  request: HttpRequest,
  { header, path, type }: MirroredHeader,
  value: JsonValue | undefined,
): { header: string; body: string } | undefined {
  const text = toHeaderText(value);
  if (text === undefined) return undefined;
  const name = `Mcp-Param-${header}`;
  const told = `${path.join('.')}=${JSON.stringify(value)}`;
  const sent = request.header(name.toLowerCase());
  if (sent === undefined) return { header: name, body: `the body carries ${told} but the ${name} header is absent` };
  const decoded = decodeHeaderValue(sent);
  if (decoded === undefined)
    return { header: name, body: `the ${name} header carries an invalid Base64 sentinel value` };
  const same = type === 'integer' && DECIMAL.test(decoded) ? Number(decoded) === value : decoded === text;
  return same
    ? undefined
    : { header: name, body: `the ${name} header says ${JSON.stringify(decoded)} but the body carries ${told}` };
}

/** undefined for what has no header form: absent, null, and numbers that a decimal cannot carry exactly. */
function toHeaderText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
}

function valueAt(root: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let at = root;
  for (const name of path) {
    if (!isJsonObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

import { OdinError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** An argument that the client also sends as the header `Mcp-Param-<name>` (MCP 2026-07-28, server/tools, `x-mcp-header`). */
export interface MirroredHeader {
  readonly header: string;
  /** Where the argument stands in `arguments`. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

const KEYWORD = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: readonly unknown[] = ['string', 'integer', 'boolean'];

/**
 * The mirrored arguments of an input schema, read once when the tool is registered.
 *
 * @throws OdinError `bad_schema` for a declaration that clients would have to refuse
 */
export function readMirroredHeaders(schema: JsonObject, owner: string): readonly MirroredHeader[] {
  const found: MirroredHeader[] = [];
  const problem = (path: readonly string[], text: string): never => {
    throw new OdinError('bad_schema', `${owner}: ${KEYWORD} at ${path.join('.') || 'the root'} ${text}.`);
  };
  const visit = (node: unknown, path: readonly string[], reachable: boolean): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, path, false);
      return;
    }
    if (!isJsonObject(node)) return;
    const { [KEYWORD]: header, properties, ...rest } = node;
    if (header !== undefined) {
      if (!reachable || path.length === 0) problem(path, 'is only allowed on properties of plain nested objects');
      if (typeof header !== 'string' || !TOKEN.test(header)) return problem(path, 'must be the name of a header');
      if (!TYPES.includes(node.type)) problem(path, 'needs the type string, integer or boolean');
      if (found.some((other) => other.header.toLowerCase() === header.toLowerCase()))
        problem(path, `repeats the name ${header}`);
      found.push({ header, path, type: node.type as MirroredHeader['type'] });
    }
    if (isJsonObject(properties)) {
      for (const [name, child] of Object.entries(properties)) visit(child, [...path, name], reachable);
    }
    for (const [keyword, child] of Object.entries(rest)) {
      if (!ANNOTATIONS.has(keyword)) visit(child, path, false);
    }
  };
  visit(schema, [], true);
  return found;
}

/** Keywords whose values are data, not schemas. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['default', 'examples', 'enum', 'const']);

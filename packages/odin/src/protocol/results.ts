import type { CompiledSchema } from '../define/schema.ts';
import type { ToolResult } from '../define/tool.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** A handler's value that does not fit what its definition promises. The text is for the log. */
export class UnfitResult extends Error {}

/**
 * What a tool returned, in MCP's shape.
 *
 * @throws UnfitResult when it breaks the tool's own output schema
 */
export async function toToolResult(value: unknown, output: CompiledSchema | undefined): Promise<JsonObject> {
  if (isToolResult(value) && !(output && isPlain(value))) return output ? checkReady(value, output) : asJson(value);
  if (output) return structured(value, output);
  return { content: value === undefined ? [] : [textBlock(toText(value))] };
}

async function checkReady(value: ToolResult, output: CompiledSchema): Promise<JsonObject> {
  if (value.isError === true) return asJson(value);
  const checked = await output.validate(value.structuredContent);
  if (!checked.ok) throw new UnfitResult(`structuredContent does not fit the output schema: ${checked.problem}`);
  return asJson({ ...value, structuredContent: checked.value });
}

async function structured(value: unknown, output: CompiledSchema): Promise<JsonObject> {
  const checked = await output.validate(value);
  if (!checked.ok) throw new UnfitResult(`the result does not fit the output schema: ${checked.problem}`);
  const content = checked.value as JsonValue;
  return { content: [textBlock(JSON.stringify(content))], structuredContent: content };
}

/** What a resource returned, in MCP's shape. */
export function toResourceResult(value: unknown, uri: string, mimeType: string | undefined): JsonObject {
  if (isJsonObject(value) && Array.isArray(value.contents)) return value;
  return { contents: [{ uri, ...contentOf(value, mimeType) }] };
}

function contentOf(value: unknown, mimeType: string | undefined): JsonObject {
  const bytes = bytesOf(value);
  if (bytes) return { mimeType: mimeType ?? 'application/octet-stream', blob: toBase64(bytes) };
  if (typeof value === 'string') return { mimeType: mimeType ?? 'text/plain', text: value };
  return { mimeType: mimeType ?? 'application/json', text: toText(value) };
}

/** Of any realm: test runners and workers have several. */
function bytesOf(value: unknown): Uint8Array | undefined {
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

/** What a prompt returned, in MCP's shape. */
export function toPromptResult(value: unknown, description: string | undefined): JsonObject {
  const about = description === undefined ? {} : { description };
  if (typeof value === 'string') return { ...about, messages: [{ role: 'user', content: textBlock(value) }] };
  if (isJsonObject(value) && Array.isArray(value.messages)) return { ...about, ...value };
  throw new UnfitResult('a prompt returns a string or { messages: [ … ] }');
}

function isToolResult(value: unknown): value is ToolResult {
  return isJsonObject(value) && Array.isArray(value.content) && value.content.every(isBlock);
}

function isBlock(item: unknown): boolean {
  return isJsonObject(item) && typeof item.type === 'string';
}

/** With an output schema a ready result has structured content or is an error: what is neither is the value itself. */
function isPlain({ structuredContent, isError }: ToolResult): boolean {
  return structuredContent === undefined && isError !== true;
}

function asJson(value: object): JsonObject {
  return value as JsonObject;
}

function textBlock(text: string): JsonObject {
  return { type: 'text', text };
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value ?? null) ?? String(value);
}

/** Base64 of RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

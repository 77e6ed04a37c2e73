import type { Skill } from '@modelcontextprotocol/server/ext/skills';
import { RpcError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { toBase64 } from '../protocol/results.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { type Page, pageOf } from '../registry/cursor.ts';

/** Where the files of skills come from: two operations on relative, `/`-separated paths (`''` is the root). */
export interface SkillFiles {
  list(folder: string): Promise<{ name: string; kind: 'file' | 'directory' | 'unsupported' }[]>;
  read(path: string): Promise<Uint8Array>;
}

const DIRECTORY = 'inode/directory';
const BYTES = 'application/octet-stream';
const TYPES: ReadonlyMap<string, string> = new Map([
  ['md', 'text/markdown'],
  ['json', 'application/json'],
  ['yaml', 'application/yaml'],
  ['yml', 'application/yaml'],
  ['html', 'text/html'],
  ['css', 'text/css'],
  ['csv', 'text/csv'],
  ['js', 'text/javascript'],
  ['mjs', 'text/javascript'],
  ['ts', 'text/typescript'],
  ['py', 'text/x-python'],
  ['sh', 'application/x-sh'],
  ['xml', 'application/xml'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['pdf', 'application/pdf'],
]);

interface File {
  readonly path: string;
  readonly digest: string;
}

/** Published skills, their files and folders by URI. */
export class SkillLibrary {
  readonly skills: readonly Skill[];
  readonly #source: SkillFiles;
  readonly #pageSize: number;
  readonly #files = new Map<string, File>();
  /** Children of each folder, in order of their URIs. */
  readonly #folders = new Map<string, Map<string, JsonObject>>();

  constructor(skills: readonly Skill[], options: { source: SkillFiles; base: string; pageSize: number }) {
    this.skills = skills;
    this.#source = options.source;
    this.#pageSize = options.pageSize;
    for (const { resources } of skills) {
      for (const { uri, digest } of resources === 'dynamic' ? [] : resources) {
        this.#files.set(uri, { path: pathOf(uri.slice(options.base.length)), digest });
        this.#placeInFolders(uri, options.base.length);
      }
    }
  }

  /** `skills/list`. @throws RpcError -32602 for a cursor that is none */
  list(cursor: string | undefined): JsonObject {
    const page = this.#page(this.skills, cursor, ({ uri }) => uri);
    return { skills: page.entries as unknown as JsonObject[], ...next(page) };
  }

  /** `skills/get`. @throws RpcError -32602 for a skill that is not served */
  get(uri: string): JsonObject {
    const skill = this.skills.find((candidate) => candidate.uri === uri);
    if (!skill) throw new RpcError(RPC.invalidParams, `Skill not found: ${uri}`, { uri });
    return { skill: skill as unknown as JsonObject };
  }

  /** `resources/directory/read`: what lies directly in a folder. @throws RpcError -32602 for what is no folder */
  readDirectory(uri: string, cursor: string | undefined): JsonObject {
    const children = this.#folders.get(uri);
    if (!children) throw new RpcError(RPC.invalidParams, `Not a directory: ${uri}`, { uri });
    const page = this.#page([...children.values()], cursor, (child) => String(child.uri));
    return { resources: page.entries, ...next(page) };
  }

  /**
   * One file, as it was published: a file that has changed since is refused, because clients check its digest.
   *
   * @throws RpcError -32602 for a file that is not served
   */
  async read(uri: string): Promise<JsonObject> {
    const file = this.#files.get(uri);
    if (!file) throw new RpcError(RPC.invalidParams, `Resource not found: ${uri}`, { uri });
    const bytes = await this.#source.read(file.path);
    if ((await digestOf(bytes)) !== file.digest)
      throw new Error(`${file.path} is not the file that was published at the start`);
    return { contents: [{ uri, ...contentOf(bytes, mimeTypeOf(uri)) }] };
  }

  #placeInFolders(uri: string, baseLength: number): void {
    let child: JsonObject = { uri, name: nameOf(uri), mimeType: mimeTypeOf(uri) };
    for (let at = uri.lastIndexOf('/'); at >= baseLength; at = uri.lastIndexOf('/', at - 1)) {
      const folder = uri.slice(0, at);
      const children = this.#folders.get(folder) ?? new Map<string, JsonObject>();
      this.#folders.set(folder, children.set(String(child.uri), child));
      child = { uri: folder, name: nameOf(folder), mimeType: DIRECTORY };
    }
  }

  #page<T>(entries: readonly T[], cursor: string | undefined, keyOf: (entry: T) => string): Page<T> {
    const page = pageOf(entries, { size: this.#pageSize, keyOf, ...(cursor !== undefined && { cursor }) });
    if (!page) throw new RpcError(RPC.invalidParams, 'Invalid params: "cursor" is none of this list');
    return page;
  }
}

export function mimeTypeOf(uri: string): string {
  return TYPES.get(uri.slice(uri.lastIndexOf('.') + 1).toLowerCase()) ?? 'text/plain';
}

function pathOf(encoded: string): string {
  return encoded.split('/').map(decodeURIComponent).join('/');
}

function next({ nextCursor }: Page<unknown>): JsonObject {
  return nextCursor === undefined ? {} : { nextCursor };
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

/** Text where the bytes are text, else Base64 (MCP 2026-07-28, server/resources, "Resource Contents"). */
function contentOf(bytes: Uint8Array, mimeType: string): JsonObject {
  try {
    return { mimeType, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { mimeType: mimeType.startsWith('text/') ? BYTES : mimeType, blob: toBase64(bytes) };
  }
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

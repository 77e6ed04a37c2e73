import type { Principal } from '@asgard/heimdall-client';
import type { Era } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Catalog } from './catalog.ts';
import { type Page, pageOf } from './cursor.ts';
import { type ListKind, listEntries } from './listing.ts';

export interface PreparedListsOptions {
  readonly catalog: Catalog;
  /** Entries of one page. */
  readonly pageSize: number;
  /** The JSON text of one page. */
  readonly format: (kind: ListKind, page: Page<JsonObject>, era: Era) => string;
  /** Texts that are kept; beyond it the oldest is dropped. @default 256 */
  readonly limit?: number;
}

/** Lists as JSON text, made once per kind, page, era and set of permissions and served many times. */
export class PreparedLists {
  readonly #options: PreparedListsOptions;
  readonly #texts = new Map<string, string>();
  #version = -1;

  constructor(options: PreparedListsOptions) {
    this.#options = options;
  }

  /** @returns undefined when the cursor is not valid */
  get(kind: ListKind, era: Era, view: { principal: Principal | undefined; cursor?: string }): string | undefined {
    const { catalog } = this.#options;
    if (this.#version !== catalog.version) {
      this.#texts.clear();
      this.#version = catalog.version;
    }
    // The cursor comes from the client, so it stands last: whatever it is, it cannot pass for other permissions.
    const key = `${kind} ${era} ${catalog.permissionsOf(view.principal)} ${view.cursor ?? ''}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = this.#make(kind, era, view);
    if (text !== undefined) this.#keep(key, text);
    return text;
  }

  #make(
    kind: ListKind,
    era: Era,
    { principal, cursor }: { principal: Principal | undefined; cursor?: string },
  ): string | undefined {
    const { catalog, pageSize: size, format } = this.#options;
    const keyOf = (entry: JsonObject): string => String(entry.uriTemplate ?? entry.uri ?? entry.name);
    const page = pageOf(listEntries(catalog, kind, principal), {
      size,
      keyOf,
      ...(cursor !== undefined && { cursor }),
    });
    return page && format(kind, page, era);
  }

  #keep(key: string, text: string): void {
    const [oldest] = this.#texts.keys();
    if (this.#texts.size >= (this.#options.limit ?? 256) && oldest !== undefined) this.#texts.delete(oldest);
    this.#texts.set(key, text);
  }
}

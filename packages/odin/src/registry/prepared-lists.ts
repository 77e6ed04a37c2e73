import type { Principal } from '@asgard/heimdall-client';
import type { Era } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Catalog } from './catalog.ts';
import { type ListKind, listEntries } from './listing.ts';

/**
 * Lists as JSON text, made once per kind, era and set of scopes and served many times. Bounded: beyond
 * the limit the oldest is dropped.
 */
export class PreparedLists {
  readonly #catalog: Catalog;
  readonly #finish: (kind: ListKind, entries: readonly JsonObject[], era: Era) => string;
  readonly #limit: number;
  readonly #texts = new Map<string, string>();
  #version = -1;

  constructor(
    catalog: Catalog,
    finish: (kind: ListKind, entries: readonly JsonObject[], era: Era) => string,
    limit = 256,
  ) {
    this.#catalog = catalog;
    this.#finish = finish;
    this.#limit = limit;
  }

  get(kind: ListKind, era: Era, principal: Principal | undefined): string {
    if (this.#version !== this.#catalog.version) {
      this.#texts.clear();
      this.#version = this.#catalog.version;
    }
    const key = `${kind} ${era} ${this.#scopesThatMatter(principal)}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = this.#finish(kind, listEntries(this.#catalog, kind, principal), era);
    this.#makeRoom();
    this.#texts.set(key, text);
    return text;
  }

  /** Only scopes that some entry asks for may tell two callers apart. */
  #scopesThatMatter(principal: Principal | undefined): string {
    if (!principal) return 'everything';
    return `scopes ${[...this.#catalog.scopes].filter((scope) => principal.scopes.includes(scope)).join(' ')}`;
  }

  #makeRoom(): void {
    if (this.#texts.size < this.#limit) return;
    const [oldest] = this.#texts.keys();
    if (oldest !== undefined) this.#texts.delete(oldest);
  }
}

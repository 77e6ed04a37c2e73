import { type PublishItem, renderVarSubst } from '@asgard/grip';

/** The filters that this proxy applies, as its Grip-Feature tells. Any other name is ignored, as in Pushpin. */
export const FILTERS = ['skip-self', 'skip-users', 'require-sub', 'var-subst'] as const;

/** Filters that change content; an item may demand that its subscriber has exactly these. */
const CONTENT_FILTERS: ReadonlySet<string> = new Set(['build-id', 'var-subst']);

export interface Subscriber {
  readonly filters: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** All channels that the subscriber holds. */
  readonly channels: ReadonlySet<string>;
}

/**
 * Applies a subscriber's filters in their order.
 *
 * @returns the content for this subscriber, or undefined when it does not get the item
 * @throws GripError on a percent sign that var-subst cannot read; Pushpin ends the stream then
 */
export function applyFilters(item: PublishItem, content: Uint8Array, subscriber: Subscriber): Uint8Array | undefined {
  let filtered = content;
  for (const filter of subscriber.filters) {
    if (!lets(filter, item, subscriber)) return undefined;
    if (filter === 'var-subst') filtered = substitute(filtered, subscriber.meta);
  }
  return filtered;
}

/** Whether the content filters that an item asks for are those of the subscriber, in order. */
export function hasContentFilters({ contentFilters }: PublishItem, filters: readonly string[]): boolean {
  if (contentFilters === undefined) return true;
  const own = filters.filter((name) => CONTENT_FILTERS.has(name));
  return own.length === contentFilters.length && own.every((name, index) => name === contentFilters[index]);
}

function lets(filter: string, { meta = {} }: PublishItem, subscriber: Subscriber): boolean {
  const user = subscriber.meta.user;
  switch (filter) {
    case 'skip-self':
      return !user || meta.sender !== user;
    case 'skip-users':
      return !user || !splitUsers(meta.skip_users).includes(user);
    case 'require-sub':
      return !meta.require_sub || subscriber.channels.has(meta.require_sub);
    default:
      return true;
  }
}

function splitUsers(list = ''): string[] {
  return list.split(',').map((user) => user.trim());
}

/** Bytes are read one character each, so that content which is not text survives. */
function substitute(content: Uint8Array, meta: Readonly<Record<string, string>>): Uint8Array {
  const bytewise = Object.entries(meta).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
  const rendered = renderVarSubst(Buffer.from(content).toString('latin1'), Object.fromEntries(bytewise));
  return Buffer.from(rendered, 'latin1');
}

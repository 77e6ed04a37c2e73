import type { LogItem } from '../cluster/message-bus.ts';

/** A place in a log: which log it was, and the number of the item. */
export interface Place {
  readonly generation: string;
  readonly number: number;
}

/** What is in a log, and a part of it. */
export interface RawPage {
  readonly generation: string;
  readonly first: number;
  readonly last: number;
  readonly ttlMs: number;
  readonly items: readonly LogItem[];
}

const ID = /^(\d{1,24})-(\d{1,15})$/;

/** undefined for what no log ever gave. */
export function parsePlace(id: string): Place | undefined {
  const [, generation, number] = ID.exec(id) ?? [];
  return generation === undefined ? undefined : { generation, number: Number(number) };
}

/** The answer of the script that reads; undefined when there is no such log. */
export function parsePage(reply: readonly (string | number | null)[]): RawPage | undefined {
  const [generation, first, last, ttlMs, from, ...values] = reply;
  if (generation === undefined) return undefined;
  const items = values.flatMap((value, at): LogItem[] => {
    if (typeof value !== 'string') return [];
    return [{ id: `${generation}-${Number(from) + at}`, data: value.slice(value.indexOf(':') + 1) }];
  });
  return { generation: String(generation), first: Number(first), last: Number(last), ttlMs: Number(ttlMs), items };
}

/** Whether the page begins right after a place (the very first item when there is none). */
export function continues(page: RawPage, after: Place | undefined): boolean {
  if (after === undefined) return page.first === 1;
  return page.generation === after.generation && after.number + 1 >= page.first && after.number <= page.last;
}

/** What is published for every item: id, time to live, data. */
export function parseNews(text: string): { readonly item: LogItem; readonly place: Place; readonly ttlMs: number } {
  const idEnd = text.indexOf(':');
  const ttlEnd = text.indexOf(':', idEnd + 1);
  const id = text.slice(0, idEnd);
  const place = parsePlace(id) ?? { generation: '', number: 0 };
  return { item: { id, data: text.slice(ttlEnd + 1) }, place, ttlMs: Number(text.slice(idEnd + 1, ttlEnd)) };
}

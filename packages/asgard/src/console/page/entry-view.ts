import type { FeedEntry } from '../feed-entry.ts';
import { parseMessages } from '../message.ts';
import { h } from './dom.ts';
import { describeEntry } from './entry-line.ts';
import { formatTime } from './format.ts';
import { jsonView, textView } from './json-view.ts';

/** One line of the feed; a click opens what is behind it. */
export function entryView(entry: FeedEntry): HTMLLIElement {
  const { tag, tone, title, target, facts } = describeEntry(entry);
  const button = h(
    'button',
    { type: 'button', class: 'entry', 'aria-expanded': 'false', on: { click: toggle } },
    h('time', { class: 'muted' }, formatTime(entry.at)),
    h('span', { class: `tag ${tag} ${tone}` }, tag),
    h('span', { class: 'what' }, title !== '' && h('b', {}, title), target !== '' && h('span', {}, target)),
    h(
      'span',
      { class: `facts of-${entry.type}` },
      ...facts.map((fact, index) => h('span', { class: index === 0 ? tone : 'plain' }, fact)),
    ),
  );
  const line = h('li', { class: `line ${tone}` }, button);
  let detail: HTMLElement | undefined;

  function toggle(): void {
    if (detail === undefined) {
      detail = h('div', { class: 'detail' }, ...detailOf(entry));
      line.append(detail);
    } else {
      detail.remove();
      detail = undefined;
    }
    button.setAttribute('aria-expanded', String(detail !== undefined));
  }
  return line;
}

function detailOf(entry: FeedEntry): HTMLElement[] {
  switch (entry.type) {
    case 'opened': {
      const { id: _, messages: __, since: ___, ...facts } = entry.stream;
      return [factsView(facts), ...messageViews(entry.message)];
    }
    case 'published': {
      const { channel, kind, via, receivers, size } = entry;
      return [factsView({ channel, kind, via, receivers, size }), ...messageViews(entry.message)];
    }
    case 'problem':
      return [textView(entry.detail)];
    case 'output':
      return [textView(entry.text)];
    default: {
      const { seq: _, type: __, at, ...facts } = entry;
      return [factsView({ at: new Date(at).toISOString(), ...facts })];
    }
  }
}

/** What went over the wire; without the frame of the event stream where it can be read. */
export function messageViews(text: string): HTMLElement[] {
  if (text === '') return [];
  const messages = parseMessages(text);
  return messages.length === 0 ? [textView(text)] : messages.map(jsonView);
}

/** Names and values, side by side. */
export function factsView(facts: Readonly<Record<string, unknown>>): HTMLElement {
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined && String(value) !== '');
  return h(
    'dl',
    { class: 'facts-list' },
    ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, textOf(value))]),
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}

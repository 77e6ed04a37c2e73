import type { OpenStream } from '../feed-entry.ts';
import type { FeedState } from '../feed-state.ts';
import { byId, h } from './dom.ts';
import { entryView, factsView } from './entry-view.ts';
import { formatCount, formatDuration } from './format.ts';

/** What the proxy holds now. */
export interface StreamsView {
  show(state: FeedState): void;
}

const TICK_MS = 1000;
/** More lines than that help nobody; the number says how many there are. */
const MAX_SHOWN = 50;
const MAX_MESSAGES = 20;

interface Line {
  readonly element: HTMLElement;
  show(stream: OpenStream, entries: FeedState['entries']): void;
  tick(): void;
}

export function createStreamsView(now: () => number): StreamsView {
  const list = byId('streams');
  const empty = byId('streams-empty');
  const count = byId('streams-count');
  const lines = new Map<string, Line>();

  setInterval(() => {
    for (const line of lines.values()) line.tick();
  }, TICK_MS);

  return {
    show({ streams, entries }) {
      const shown = streams.slice(-MAX_SHOWN);
      const ids = new Set(shown.map(({ id }) => id));
      for (const [id, line] of lines) {
        if (ids.has(id)) continue;
        line.element.remove();
        lines.delete(id);
      }
      for (const stream of shown) {
        const line = lines.get(stream.id) ?? addLine(stream);
        line.show(stream, entries);
      }
      count.textContent = String(streams.length);
      empty.hidden = streams.length > 0;
    },
  };

  function addLine(stream: OpenStream): Line {
    const line = createLine(stream, now);
    lines.set(stream.id, line);
    list.prepend(line.element);
    return line;
  }
}

function createLine(stream: OpenStream, now: () => number): Line {
  const { kind, method, target, who, client, since, channels, topics } = stream;
  const age = h('span');
  const messages = h('span');
  const what = target === undefined ? topics : [target, ...topics];
  const button = h(
    'button',
    { type: 'button', class: 'entry stream', 'aria-expanded': 'false', on: { click: toggle } },
    h('span', { class: 'dot live' }),
    h('span', { class: `tag ${kind}` }, kind),
    h('span', { class: 'what' }, h('b', {}, method), ...what.map((topic) => h('span', {}, topic))),
    h('span', { class: 'facts' }, messages, age, who !== undefined && h('span', {}, who)),
  );
  const element = h('li', { class: 'line' }, button);
  const received = h('ol', { class: 'lines', 'aria-label': 'Its last messages' });
  const detail = h('div', { class: 'detail' }, factsView({ who, client, topics, channels }), received);
  let shownMessages = -1;

  function toggle(): void {
    const open = detail.parentElement === null;
    if (open) element.append(detail);
    else detail.remove();
    button.setAttribute('aria-expanded', String(open));
  }
  const tick = (): void => {
    const seconds = Math.max(0, Math.floor((now() - since) / 1000));
    age.textContent = seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
  };
  tick();
  return {
    element,
    tick,
    show(current, entries) {
      messages.textContent = formatCount(current.messages, 'message');
      if (current.messages === shownMessages) return;
      shownMessages = current.messages;
      const own = entries.filter((entry) => entry.type === 'published' && channels.includes(entry.channel));
      received.replaceChildren(...own.slice(-MAX_MESSAGES).map(entryView));
    },
  };
}

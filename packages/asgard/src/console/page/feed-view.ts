import type { FeedEntry } from '../feed-entry.ts';
import { type FeedState, MAX_ENTRIES } from '../feed-state.ts';
import { byId, h } from './dom.ts';
import { entryView } from './entry-view.ts';
import { CATEGORIES, type Category, type Filter, isShown, parseWords } from './feed-filter.ts';
import { formatCount } from './format.ts';

/** The live feed, newest first. */
export interface FeedView {
  /** Draws all of it again. */
  reset(state: FeedState): void;
  add(entry: FeedEntry): void;
}

/** @param onClear forgets the entries that were shown so far */
export function createFeedView(getState: () => FeedState, onClear: () => void): FeedView {
  const list = byId('feed');
  const empty = byId('feed-empty');
  const search = byId('feed-search') as HTMLInputElement;
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', on: { click: togglePause } }, 'Pause');
  const clear = h('button', { type: 'button', on: { click: clearAll } }, 'Clear');
  const categories = new Set<Category>(CATEGORIES);
  let filter: Filter = { categories, words: [] };
  let pending: FeedEntry[] = [];
  let frame = 0;
  let missed: number | undefined;

  byId('feed-categories').append(...CATEGORIES.map(categoryButton));
  byId('feed-actions').append(pause, clear);
  search.addEventListener('input', () => {
    filter = { categories, words: parseWords(search.value) };
    draw(getState());
  });

  function categoryButton(category: Category): HTMLElement {
    const click = (): void => {
      if (!categories.delete(category)) categories.add(category);
      button.setAttribute('aria-pressed', String(categories.has(category)));
      draw(getState());
    };
    const button = h('button', { type: 'button', class: 'chip', 'aria-pressed': 'true', on: { click } }, category);
    return button;
  }

  function draw({ entries }: FeedState): void {
    pending = [];
    if (missed !== undefined) missed = 0;
    showMissed();
    list.replaceChildren(
      ...entries
        .filter((entry) => isShown(entry, filter))
        .map(entryView)
        .reverse(),
    );
    showEmpty();
  }

  function flush(): void {
    frame = 0;
    const views = pending.filter((entry) => isShown(entry, filter)).map(entryView);
    pending = [];
    list.prepend(...views.reverse());
    while (list.childElementCount > MAX_ENTRIES) list.lastElementChild?.remove();
    showEmpty();
  }

  function togglePause(): void {
    missed = missed === undefined ? 0 : undefined;
    pause.setAttribute('aria-pressed', String(missed !== undefined));
    showMissed();
    if (missed === undefined) draw(getState());
  }

  function clearAll(): void {
    onClear();
    draw(getState());
  }

  function showMissed(): void {
    pause.textContent = missed === undefined ? 'Pause' : missed === 0 ? 'Resume' : `Resume (${missed} new)`;
  }

  function showEmpty(): void {
    const held = getState().entries.length;
    empty.hidden = list.childElementCount > 0;
    empty.textContent =
      held === 0
        ? 'Nothing yet. Call a tool.'
        : `${formatCount(held, 'entry').replace('entrys', 'entries')} hidden by the filter.`;
  }

  return {
    reset: draw,
    add(entry) {
      if (missed !== undefined) {
        missed += 1;
        showMissed();
        return;
      }
      pending.push(entry);
      // A page in the background is not drawn, and must not grow meanwhile.
      if (pending.length > 2 * MAX_ENTRIES) pending = pending.slice(-MAX_ENTRIES);
      if (frame === 0) frame = requestAnimationFrame(flush);
    },
  };
}

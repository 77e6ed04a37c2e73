import type { ConsoleInfo } from '../info.ts';
import type { Api } from './api.ts';
import { byId, h, replace } from './dom.ts';
import { ITEM_KINDS, type Item, type ItemView } from './item.ts';
import { loadItems } from './items.ts';
import { createRovingFocus } from './roving-focus.ts';

/** Who calls, what there is to use, and what of it is looked at. */
export interface WorkbenchView {
  /** Asks the server again, after it was changed for example. */
  refresh(): Promise<void>;
}

export function createWorkbenchView(info: ConsoleInfo, api: Api): WorkbenchView {
  const lists = { tool: byId('tool-list'), resource: byId('resource-list'), prompt: byId('prompt-list') } as const;
  const detail = byId('detail');
  const search = byId('item-search') as HTMLInputElement;
  const views = new Map<string, { readonly definition: string; readonly view: ItemView }>();
  let user = info.users[0]?.username ?? '';
  /** What each user was offered last; nothing until the server has answered once. */
  const offers = new Map<string, readonly Item[]>();
  let selected: string | undefined;
  let asked = 0;

  const choices = createRovingFocus(byId('items'), '.choice');

  byId('users').append(...info.users.map(userChoice));
  search.addEventListener('input', showLists);
  search.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowDown') choices.focusFirst();
  });

  function userChoice({ username, organizations }: ConsoleInfo['users'][number]): HTMLElement {
    const radio = h('input', {
      ...{ type: 'radio', name: 'user', value: username, checked: username === user },
      on: {
        change: () => {
          user = username;
          // At once, so that nobody fills in a form that is about to be another user's.
          showAll();
          void refresh();
        },
      },
    });
    return h('label', { class: 'user' }, radio, h('span', {}, username), h('span', { class: 'muted' }, organizations));
  }

  async function refresh(): Promise<void> {
    asked += 1;
    const mine = asked;
    lists.tool.setAttribute('aria-busy', 'true');
    try {
      const found = await loadItems(api, user);
      if (mine !== asked) return;
      offers.set(user, found);
      if (!found.some(({ key }) => key === selected)) selected = found[0]?.key;
      showAll();
    } catch (error) {
      if (mine !== asked) return;
      const message = error instanceof Error ? error.message : String(error);
      replace(lists.tool, h('li', { class: 'remark', role: 'alert' }, `No tools: ${message}`));
    } finally {
      if (mine === asked) lists.tool.removeAttribute('aria-busy');
    }
  }

  function showAll(): void {
    showLists();
    showDetail();
  }

  function showLists(): void {
    choices.replacing(drawLists);
  }

  function drawLists(): void {
    const items = offers.get(user) ?? [];
    const words = search.value.trim().toLowerCase();
    const fits = ({ name, description = '' }: Item): boolean => `${name} ${description}`.toLowerCase().includes(words);
    for (const kind of ITEM_KINDS) {
      const own = items.filter((item) => item.kind === kind);
      byId(`${kind}-count`).textContent = String(own.length);
      replace(lists[kind], ...own.filter(fits).map(choice));
      byId(`${kind}s`).hidden = own.length === 0 && kind !== 'tool';
    }
    if (!items.some(({ kind }) => kind === 'tool')) {
      const text = offers.has(user) ? `${user} may call no tool.` : 'Asking the server …';
      replace(lists.tool, h('li', { class: 'muted empty' }, text));
    } else if (words !== '' && !items.some(fits)) {
      replace(
        lists.tool,
        h('li', { class: 'muted empty' }, `Nothing has "${search.value.trim()}" in its name or text.`),
      );
    }
  }

  function choice({ kind, key, name, description }: Item): HTMLElement {
    const click = (): void => {
      selected = key;
      showAll();
      lists[kind].querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true });
      showTop(detail);
    };
    const running = views.get(viewKey(key))?.view.running === true;
    return h(
      'li',
      {},
      h(
        'button',
        {
          ...{ type: 'button', class: 'choice', 'data-key': key },
          'aria-current': key === selected ? 'true' : undefined,
          on: { click },
        },
        h(
          'span',
          { class: 'name' },
          h('span', {}, name),
          running && h('span', { class: 'dot live', title: 'running' }),
        ),
        description !== undefined && h('span', { class: 'muted' }, description),
      ),
    );
  }

  const viewKey = (key: string): string => `${user} ${key}`;

  /** Each user keeps the form and the last use of each item, as long as the item stays what it is. */
  function showDetail(): void {
    const item = offers.get(user)?.find(({ key }) => key === selected);
    if (item === undefined) {
      replace(detail, h('p', { class: 'muted empty' }, offers.has(user) ? 'Nothing to call.' : ''));
      return;
    }
    const known = views.get(viewKey(item.key));
    const reuse = known !== undefined && (known.definition === item.definition || known.view.running);
    const view = reuse ? known.view : item.createView(showLists);
    if (!reuse) views.set(viewKey(item.key), { definition: item.definition, view });
    if (detail.firstElementChild !== view.element) replace(detail, view.element);
  }

  return { refresh };
}

/** Where all is in one column, what was chosen may be far below, or above. */
function showTop(element: HTMLElement): void {
  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView({ block: 'start' });
  element.scrollTop = 0;
}

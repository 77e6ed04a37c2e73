import type { ConsoleInfo } from '../info.ts';
import type { ToolInfo } from '../mcp-client.ts';
import type { Api } from './api.ts';
import { byId, h, replace } from './dom.ts';
import { formatCount } from './format.ts';
import { createToolView, type ToolView } from './tool-view.ts';

/** Who calls, what there is to call, and the tool that is looked at. */
export interface ToolsView {
  /** Asks the server again, after it was changed for example. */
  refresh(): Promise<void>;
}

export function createToolsView(info: ConsoleInfo, api: Api): ToolsView {
  const list = byId('tool-list');
  const detail = byId('tool-detail');
  const search = byId('tool-search') as HTMLInputElement;
  const count = byId('tool-count');
  const views = new Map<string, { readonly definition: string; readonly view: ToolView }>();
  let user = info.users[0]?.username ?? '';
  let tools: readonly ToolInfo[] = [];
  let selected: string | undefined;
  let asked = 0;

  byId('users').append(...info.users.map(userChoice));
  search.addEventListener('input', showList);

  function userChoice({ username, organization }: ConsoleInfo['users'][number]): HTMLElement {
    const radio = h('input', {
      ...{ type: 'radio', name: 'user', value: username, checked: username === user },
      on: {
        change: () => {
          user = username;
          void refresh();
        },
      },
    });
    return h('label', { class: 'user' }, radio, h('span', {}, username), h('span', { class: 'muted' }, organization));
  }

  async function refresh(): Promise<void> {
    asked += 1;
    const mine = asked;
    list.setAttribute('aria-busy', 'true');
    try {
      const found = await api.tools(user);
      if (mine !== asked) return;
      tools = found;
      if (!tools.some(({ name }) => name === selected)) selected = tools[0]?.name;
      showList();
      showDetail();
    } catch (error) {
      if (mine !== asked) return;
      const message = error instanceof Error ? error.message : String(error);
      replace(list, h('li', { class: 'remark', role: 'alert' }, `No tools: ${message}`));
    } finally {
      if (mine === asked) list.removeAttribute('aria-busy');
    }
  }

  function showList(): void {
    const words = search.value.trim().toLowerCase();
    const fits = tools.filter(({ name, title, description }) =>
      [name, title, description].some((text) => text?.toLowerCase().includes(words)),
    );
    count.textContent = formatCount(tools.length, 'tool');
    replace(list, ...fits.map(toolChoice));
    if (tools.length === 0) replace(list, h('li', { class: 'muted empty' }, `${user} may call no tool.`));
  }

  function toolChoice(tool: ToolInfo): HTMLElement {
    const { name, title, description } = tool;
    const current = name === selected;
    const click = (): void => {
      selected = name;
      showList();
      showDetail();
      list.querySelector<HTMLElement>('[aria-current]')?.focus();
    };
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'tool-choice', 'aria-current': current ? 'true' : undefined, on: { click } },
        h(
          'span',
          { class: 'name' },
          h('span', {}, title ?? name),
          isRunning(name) && h('span', { class: 'dot live', title: 'running' }),
        ),
        description !== undefined && h('span', { class: 'muted' }, description),
      ),
    );
  }

  const keyOf = (name: string): string => `${user} ${name}`;
  const isRunning = (name: string): boolean => views.get(keyOf(name))?.view.running === true;

  /** Each user keeps the form and the last call of each tool, as long as the tool stays what it is. */
  function showDetail(): void {
    const tool = tools.find(({ name }) => name === selected);
    if (tool === undefined) {
      replace(detail, h('p', { class: 'muted empty' }, 'Nothing to call.'));
      return;
    }
    const definition = JSON.stringify(tool);
    const known = views.get(keyOf(tool.name));
    const reuse = known !== undefined && (known.definition === definition || known.view.running);
    const view = reuse ? known.view : createToolView({ tool, user, api, onRunning: showList });
    if (!reuse) views.set(keyOf(tool.name), { definition, view });
    if (detail.firstElementChild !== view.element) replace(detail, view.element);
  }

  return { refresh };
}

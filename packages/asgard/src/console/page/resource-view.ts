import { formatShellWords } from '../../shell-words.ts';
import type { ResourceInfo, WatchEvent } from '../mcp-client.ts';
import type { Api } from './api.ts';
import { copyButton, h } from './dom.ts';
import { formatTime } from './format.ts';
import type { ItemView } from './item.ts';
import { contentsView } from './result-view.ts';

export interface ResourceViewOptions {
  readonly resource: ResourceInfo;
  readonly user: string;
  readonly api: Api;
  readonly onRunning: () => void;
}

const MAX_CHANGES = 100;

/** One resource: read it, or watch it change over a subscription that the proxy holds. */
export function createResourceView({ resource, user, api, onRunning }: ResourceViewOptions): ItemView {
  let watching: AbortController | undefined;
  const address = h('input', { type: 'text', id: `uri-${crypto.randomUUID()}`, class: 'mono', spellcheck: 'false' });
  address.value = resource.uri;
  address.addEventListener('input', showCommand);
  const error = h('p', { class: 'field-error', role: 'alert', hidden: true });
  const watch = h('button', { type: 'button', on: { click: toggleWatch } }, 'Watch');
  const state = h('span', { class: 'pill active', role: 'status', hidden: true });
  const changes = h('ol', { class: 'steps', 'aria-live': 'polite', 'aria-label': 'Changes' });
  const contents = h('div', { class: 'outcome' });
  const command = h('code');
  const element = h(
    'article',
    { class: 'tool', 'aria-label': resource.name },
    h(
      'header',
      {},
      h('h3', {}, resource.title ?? resource.name),
      resource.template && h('span', { class: 'pill' }, 'template'),
    ),
    resource.description !== undefined && h('p', { class: 'description' }, resource.description),
    h(
      'form',
      { novalidate: true, 'aria-label': `Address of ${resource.name}`, on: { submit } },
      h(
        'div',
        { class: 'field' },
        h('div', { class: 'field-head' }, h('label', { for: address.id }, 'URI')),
        address,
        error,
      ),
      h(
        'div',
        { class: 'actions' },
        h('button', { type: 'submit', class: 'primary' }, `Read as ${user}`),
        watch,
        state,
      ),
    ),
    h(
      'div',
      { class: 'command' },
      command,
      copyButton(() => command.textContent ?? '', 'the command'),
    ),
    changes,
    contents,
  );
  showCommand();

  /** How another process tells that the resource has changed. */
  function showCommand(): void {
    command.textContent = formatShellWords(['npx', 'asgard', 'publish', 'resource', address.value]);
  }

  /** The URI, or undefined with the reason shown. */
  function readAddress(): string | undefined {
    const uri = address.value.trim();
    const place = /\{[^}]*\}/.exec(uri)?.[0];
    const wrong =
      uri === '' ? 'This is required.' : place === undefined ? undefined : `Put a value in place of ${place}.`;
    error.textContent = wrong ?? '';
    error.hidden = wrong === undefined;
    if (wrong !== undefined) address.focus();
    return wrong === undefined ? uri : undefined;
  }

  function submit(event: Event): void {
    event.preventDefault();
    const uri = readAddress();
    if (uri !== undefined) void read(uri);
  }

  async function read(uri: string): Promise<void> {
    try {
      contents.replaceChildren(contentsView(await api.read(user, uri)));
    } catch (reason) {
      contents.replaceChildren(h('p', { class: 'remark', role: 'alert' }, messageOf(reason)));
    }
  }

  function toggleWatch(): void {
    if (watching !== undefined) return watching.abort();
    const uri = readAddress();
    if (uri !== undefined) void follow(uri);
  }

  async function follow(uri: string): Promise<void> {
    const controller = new AbortController();
    watching = controller;
    watch.textContent = 'Stop';
    address.readOnly = true;
    onRunning();
    try {
      await api.watch({ user, uri, signal: controller.signal }, (event) => show(event, uri));
    } catch (reason) {
      if (!controller.signal.aborted) show({ type: 'failed', message: messageOf(reason) }, uri);
    }
    watching = undefined;
    watch.textContent = 'Watch';
    address.readOnly = false;
    state.hidden = true;
    onRunning();
  }

  function show(event: WatchEvent, uri: string): void {
    if (event.type === 'watching') {
      state.textContent = 'Watching';
      state.hidden = false;
      return;
    }
    const changed = event.type === 'changed';
    changes.append(
      h(
        'li',
        {},
        h('span', { class: 'muted' }, formatTime(Date.now())),
        h('span', { class: `tag ${changed ? 'publish' : 'error'}` }, changed ? 'changed' : 'ended'),
        h('span', {}, changed ? event.uri : event.message),
      ),
    );
    if (changes.childElementCount > MAX_CHANGES) changes.firstElementChild?.remove();
    // What is shown is what it is now.
    if (changed) void read(uri);
  }

  return {
    element,
    get running() {
      return watching !== undefined;
    },
  };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

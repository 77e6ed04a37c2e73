import { formatKeyValues } from '../../key-values.ts';
import { formatShellWords } from '../../shell-words.ts';
import type { CallEvent, ToolInfo } from '../mcp-client.ts';
import { isRecord } from '../message.ts';
import type { Api } from './api.ts';
import { copyButton, h } from './dom.ts';
import { createFormView } from './form-view.ts';
import type { ItemView } from './item.ts';
import { jsonView } from './json-view.ts';
import { createRunView, type RunView } from './run-view.ts';

export interface ToolViewOptions {
  readonly tool: ToolInfo;
  readonly user: string;
  readonly api: Api;
  readonly onRunning: () => void;
}

/** One tool: what it is, its form, and its last call. */
export function createToolView({ tool, user, api, onRunning }: ToolViewOptions): ItemView {
  let run: RunView | undefined;
  let calling: AbortController | undefined;
  const form = createFormView(tool.inputSchema, showCommand);
  const call = h('button', { type: 'submit', class: 'primary' }, `Call as ${user}`);
  const cancel = h('button', { type: 'button', hidden: true, on: { click: () => calling?.abort() } }, 'Cancel');
  const command = h('code');
  const runPlace = h('div');
  const element = h(
    'article',
    { class: 'tool', 'aria-label': tool.name },
    h('header', {}, h('h3', {}, tool.title ?? tool.name), ...badges(tool)),
    tool.title !== undefined && h('p', { class: 'mono muted' }, tool.name),
    tool.description !== undefined && h('p', { class: 'description' }, tool.description),
    h(
      'form',
      { novalidate: true, 'aria-label': `Arguments of ${tool.name}`, on: { submit } },
      form.element,
      h('div', { class: 'actions' }, call, cancel),
    ),
    h(
      'div',
      { class: 'command' },
      command,
      copyButton(() => command.textContent ?? '', 'the command'),
    ),
    runPlace,
    h('details', { class: 'wire' }, h('summary', {}, 'Schema'), jsonView(withoutName(tool))),
  );
  showCommand();

  function showCommand(): void {
    const read = form.peek();
    const words = read.ok ? formatKeyValues(read.args) : '…';
    const [start, end] = [formatShellWords(['npx', 'asgard', 'call', tool.name]), formatShellWords(['--user', user])];
    command.textContent = [start, words, end].filter((part) => part !== '').join(' ');
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (calling !== undefined) return;
    const read = form.read();
    if (read.ok) void start(read.args);
  }

  async function start(args: Readonly<Record<string, unknown>>): Promise<void> {
    const controller = new AbortController();
    calling = controller;
    const view = createRunView({
      who: user,
      onAnswer: (questionId, answer) => {
        api.answer(questionId, answer).catch((error: unknown) => view.show(failure(error)));
      },
    });
    run = view;
    runPlace.replaceChildren(view.element);
    busy(true);
    try {
      await api.call({ user, tool: tool.name, args, signal: controller.signal }, view.show);
      if (view.running) view.show({ type: 'failed', message: 'The console went away.' });
    } catch (error) {
      view.show(controller.signal.aborted ? { type: 'failed', message: 'Cancelled.' } : failure(error));
    } finally {
      calling = undefined;
      busy(false);
    }
  }

  function busy(yes: boolean): void {
    const focused = document.activeElement;
    call.disabled = yes;
    cancel.hidden = !yes;
    // A button that goes away must not take the keyboard with it.
    if (yes && focused === call) cancel.focus();
    if (!yes && (focused === cancel || focused === document.body)) call.focus({ preventScroll: true });
    onRunning();
  }

  return {
    element,
    get running() {
      return run?.running === true;
    },
  };
}

function failure(error: unknown): CallEvent {
  return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
}

const HINTS: readonly (readonly [string, string])[] = [
  ['readOnlyHint', 'read-only'],
  ['destructiveHint', 'destructive'],
  ['idempotentHint', 'idempotent'],
  ['openWorldHint', 'open world'],
];

function badges({ annotations }: ToolInfo): HTMLElement[] {
  if (!isRecord(annotations)) return [];
  return HINTS.flatMap(([name, word]) => (annotations[name] === true ? [h('span', { class: 'pill' }, word)] : []));
}

function withoutName({ inputSchema, outputSchema, annotations }: ToolInfo): unknown {
  return { inputSchema, outputSchema, annotations };
}

import type { PromptInfo } from '../mcp-client.ts';
import { isRecord } from '../message.ts';
import type { Api } from './api.ts';
import { h } from './dom.ts';
import { createFormView } from './form-view.ts';
import type { ItemView } from './item.ts';
import { blockView, labelled } from './result-view.ts';

export interface PromptViewOptions {
  readonly prompt: PromptInfo;
  readonly user: string;
  readonly api: Api;
}

/** One prompt: its arguments, and the messages that it makes of them. */
export function createPromptView({ prompt, user, api }: PromptViewOptions): ItemView {
  const form = createFormView(schemaOf(prompt), () => undefined);
  const messages = h('div', { class: 'outcome' });
  const element = h(
    'article',
    { class: 'tool', 'aria-label': prompt.name },
    h('header', {}, h('h3', {}, prompt.title ?? prompt.name)),
    prompt.description !== undefined && h('p', { class: 'description' }, prompt.description),
    h(
      'form',
      { novalidate: true, 'aria-label': `Arguments of ${prompt.name}`, on: { submit } },
      form.element,
      h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, `Get as ${user}`)),
    ),
    messages,
  );

  function submit(event: Event): void {
    event.preventDefault();
    const read = form.read();
    if (read.ok) void show(read.args);
  }

  async function show(args: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      messages.replaceChildren(...messageViews(await api.prompt(user, prompt.name, args)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      messages.replaceChildren(h('p', { class: 'remark', role: 'alert' }, message));
    }
  }

  return { element, running: false };
}

function messageViews(result: unknown): HTMLElement[] {
  const { messages } = isRecord(result) ? result : {};
  return (Array.isArray(messages) ? messages : [])
    .filter(isRecord)
    .map(({ role, content }) => labelled(String(role), blockView(isRecord(content) ? content : {})));
}

/** Arguments of a prompt are texts; a required one that is empty is a missing one. */
function schemaOf({ arguments: args }: PromptInfo): unknown {
  return {
    type: 'object',
    properties: Object.fromEntries(
      args.map(({ name, description, required }) => [
        name,
        { type: 'string', description, minLength: required === true ? 1 : 0 },
      ]),
    ),
    required: args.flatMap(({ name, required }) => (required === true ? [name] : [])),
  };
}

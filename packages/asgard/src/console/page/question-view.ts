import type { Answer } from '../mcp-client.ts';
import { isRecord } from '../message.ts';
import { h } from './dom.ts';
import { createFormView } from './form-view.ts';

/** What a tool asks in the middle of a call (MCP elicitation), and the user's answer to it. */
export function questionView(params: unknown, onAnswer: (answer: Answer) => void): HTMLElement {
  const { message, requestedSchema, mode, url } = isRecord(params) ? params : {};
  const title = h('p', { class: 'question-text' }, String(message ?? 'The tool asks.'));
  const form = mode === 'url' ? undefined : createFormView(requestedSchema ?? {}, () => undefined);
  // Opened by the reader, never by the tool: the address is shown as text to be copied.
  const place = form?.element ?? h('p', {}, 'Open this address, then go on: ', h('code', {}, String(url)));
  const buttons = h(
    'div',
    { class: 'actions' },
    h('button', { type: 'submit', class: 'primary' }, 'Answer'),
    h('button', { type: 'button', on: { click: () => settle({ action: 'decline' }) } }, 'Decline'),
  );
  const view = h('form', { class: 'question', novalidate: true, 'aria-label': 'Question of the tool', on: { submit } });
  view.append(title, place, buttons);

  function submit(event: Event): void {
    event.preventDefault();
    const read = form?.read();
    if (read === undefined) settle({ action: 'accept' });
    else if (read.ok) settle({ action: 'accept', content: read.args });
  }
  function settle(answer: Answer): void {
    for (const control of view.querySelectorAll('button, input, select, textarea'))
      control.setAttribute('disabled', '');
    view.classList.add('answered');
    buttons.replaceWith(h('p', { class: 'muted' }, answer.action === 'accept' ? 'Answered.' : 'Declined.'));
    onAnswer(answer);
  }
  queueMicrotask(() => form?.focus());
  return view;
}

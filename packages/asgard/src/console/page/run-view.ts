import type { Answer, CallEvent } from '../mcp-client.ts';
import { h, setAttribute } from './dom.ts';
import { formatDuration } from './format.ts';
import { jsonView } from './json-view.ts';
import { questionView } from './question-view.ts';
import { resultView } from './result-view.ts';

/** One call as it goes: its steps, its questions, its result, and the messages behind all that. */
export interface RunView {
  readonly element: HTMLElement;
  readonly running: boolean;
  show(event: CallEvent): void;
}

export interface RunOptions {
  readonly who: string;
  readonly onAnswer: (questionId: string, answer: Answer) => void;
}

/** More steps than that are counted, not shown. */
const MAX_STEPS = 200;
const MAX_MESSAGES = 200;
const TICK_MS = 100;

export function createRunView({ who, onAnswer }: RunOptions): RunView {
  const started = performance.now();
  const state = h('span', { class: 'pill active', role: 'status' }, 'Running');
  const clock = h('span', { class: 'muted' });
  const bar = h('progress', { hidden: true, 'aria-label': 'Progress of the call' });
  const steps = h('ol', { class: 'steps', 'aria-live': 'polite', 'aria-label': 'Progress and log' });
  const outcome = h('div', { class: 'outcome' });
  const messages = h('ol', { class: 'messages' });
  const count = h('span', { class: 'count' }, '0');
  const wire = h('details', { class: 'wire' }, h('summary', {}, 'Messages ', count), messages);
  const head = h('div', { class: 'run-head' }, state, h('span', { class: 'muted' }, `as ${who}`), clock);
  const element = h('section', { class: 'run', 'aria-label': 'Result' }, head, bar, steps, outcome, wire);
  let running = true;
  let total = 0;

  const elapsed = (): number => performance.now() - started;
  const tick = (): void => {
    clock.textContent = formatDuration(elapsed());
  };
  const timer = setInterval(tick, TICK_MS);

  function step(kind: string, text: string): void {
    const time = h('span', { class: 'muted' }, formatDuration(elapsed()));
    steps.append(h('li', {}, time, h('span', { class: `tag ${kind}` }, kind), h('span', {}, text)));
    if (steps.childElementCount > MAX_STEPS) steps.firstElementChild?.remove();
  }

  function end(word: string, kind: string): void {
    running = false;
    clearInterval(timer);
    tick();
    state.textContent = word;
    state.className = `pill ${kind}`;
    bar.hidden = true;
  }

  return {
    element,
    get running() {
      return running;
    },
    show(event) {
      switch (event.type) {
        case 'started':
          return;
        case 'message': {
          total += 1;
          count.textContent = String(total);
          const arrow = event.direction === 'sent' ? '→ to the server' : '← from the server';
          if (total <= MAX_MESSAGES)
            messages.append(h('li', {}, h('p', { class: 'muted' }, arrow), jsonView(event.message)));
          return;
        }
        case 'progress': {
          const { progress, total: of, message } = event;
          bar.hidden = false;
          setAttribute(bar, 'max', of);
          setAttribute(bar, 'value', of === undefined ? undefined : progress);
          return step(
            'progress',
            [of === undefined ? String(progress) : `${progress}/${of}`, message].join(' ').trim(),
          );
        }
        case 'log':
          return step(event.level, typeof event.data === 'string' ? event.data : JSON.stringify(event.data));
        case 'question':
          outcome.append(questionView(event.params, (answer) => onAnswer(event.questionId, answer)));
          return;
        case 'result': {
          const failed = (event.result as { isError?: unknown }).isError === true;
          end(failed ? 'Tool error' : 'Done', failed ? 'bad' : 'good');
          outcome.append(resultView(event.result));
          return;
        }
        case 'failed':
          end(event.message === 'Cancelled.' ? 'Cancelled' : 'Failed', event.message === 'Cancelled.' ? 'warn' : 'bad');
          if (event.message !== 'Cancelled.') outcome.append(h('p', { class: 'remark', role: 'alert' }, event.message));
          return;
      }
    },
  };
}

import type { FeedEntry } from '../feed-entry.ts';
import { formatCount, formatDuration, formatSize } from './format.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** What one line of the feed says, before it is drawn. */
export interface EntryLine {
  readonly tag: string;
  readonly tone: Tone;
  readonly title: string;
  /** Beside the title, quieter. */
  readonly target: string;
  /** Short facts at the end, most important first. */
  readonly facts: readonly string[];
}

export function describeEntry(entry: FeedEntry): EntryLine {
  switch (entry.type) {
    case 'request': {
      const { method, target = '', status, durationMs, who = '–', reply = '–', remark } = entry;
      const tone = status >= 500 ? 'bad' : status >= 400 || remark !== undefined ? 'warn' : 'good';
      const facts = [remark, String(status), reply, formatDuration(durationMs), who];
      return { tag: 'request', tone, title: method, target, facts: facts.filter((fact) => fact !== undefined) };
    }
    case 'opened': {
      const { method, target, topics, who } = entry.stream;
      const what = target ?? topics.join(', ');
      return {
        tag: 'stream',
        tone: 'plain',
        title: `opened ${method}`,
        target: what,
        facts: who === undefined ? [] : [who],
      };
    }
    case 'closed': {
      const facts = [...(entry.aborted ? ['client left'] : []), formatDuration(entry.durationMs)];
      return { tag: 'stream', tone: 'plain', title: 'closed', target: entry.title, facts };
    }
    case 'published': {
      const { title, size, receivers } = entry;
      const [name = title, ...rest] = title.split(' ');
      const tone = receivers === 0 ? 'warn' : 'plain';
      const facts = [formatCount(receivers, 'receiver'), formatSize(size)];
      return { tag: 'publish', tone, title: name, target: rest.join(' '), facts };
    }
    case 'problem':
      return { tag: 'problem', tone: 'bad', title: entry.title, target: firstLine(entry.detail), facts: [] };
    case 'server': {
      const facts = entry.durationMs > 0 ? [formatDuration(entry.durationMs)] : [];
      return {
        tag: 'server',
        tone: entry.status === 'stopped' ? 'bad' : 'good',
        title: entry.status,
        target: '',
        facts,
      };
    }
    case 'output':
      return {
        ...{ tag: entry.stream, tone: entry.stream === 'stderr' ? 'warn' : 'plain', title: '', facts: [] },
        target: firstLine(entry.text),
      };
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSseComment, formatSseEvent } from '../../src/index.ts';

/** What the HTML standard makes of one block. */
function read(block: string): { data: string; event?: string; id?: string; retry?: string } {
  const fields: Record<string, string[]> = {};
  for (const line of block.split(/\r\n|\r|\n/)) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name !== '') fields[name] = [...(fields[name] ?? []), value];
  }
  const { data = [], ...rest } = fields;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, values]) => [name, values.at(-1)])),
    data: data.join('\n'),
  };
}

describe('formatSseEvent', () => {
  it('writes what the standard reads back, line breaks as LF', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\r', '\n', '\r\n', 'é', 'data: ') });
    const line = fc.string({ unit: fc.constantFrom('a', ':', 'é', ' ') });
    fc.assert(
      fc.property(text, line, line, fc.nat(), (data, event, id, retry) => {
        const block = formatSseEvent({ data, event, id, retry });
        expect(read(block)).toEqual({ data: data.replace(/\r\n|\r/g, '\n'), event, id, retry: String(retry) });
        expect(block.endsWith('\n\n') && block.indexOf('\n\n') === block.length - 2).toBe(true);
      }),
    );
  });

  it('refuses fields that would forge others', () => {
    for (const part of [{ event: 'a\nb' }, { id: 'a\rb' }, { id: 'a\0' }, { retry: 1.5 }, { retry: -1 }]) {
      expect(() => formatSseEvent({ data: '', ...part })).toThrow(expect.objectContaining({ code: 'illegal_value' }));
    }
  });

  it('writes comments that stay comments', () => {
    expect(formatSseComment()).toBe(':\n\n');
    expect(formatSseComment('a\ndata: b')).toBe(':a\n:data: b\n\n');
  });
});

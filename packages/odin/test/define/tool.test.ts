import { describe, expect, it } from 'vitest';
import { defineTool } from '../../src/define/tool.ts';

describe('defineTool', () => {
  it.each(['', 'a b', 'ä', 'x'.repeat(129), 'a\n'])('refuses the name %j', (name) => {
    expect(() => defineTool({ name }, () => 1)).toThrow(/use 1 to 128 characters/);
  });

  it.each(['add', 'notes/add-one', 'A.b_c'])('takes the name %j', (name) => {
    expect(defineTool({ name }, () => 1)).toMatchObject({ kind: 'tool', name, hold: 'auto' });
  });

  it('gives a handler without input the context as its only argument', () => {
    const context = {} as never;
    expect(defineTool({ name: 'x' }, (...args) => args).handler(undefined, context)).toEqual([context]);
  });
});

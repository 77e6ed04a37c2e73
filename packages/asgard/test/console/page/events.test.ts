import { expect, test } from 'vitest';
import { createEventParser } from '../../../src/console/page/events.ts';

test('gives each event once it is whole, wherever it was cut', () => {
  const text = ':\n\ndata: {"a":"x\\n\\ny"}\n\ndata: 2\n\n';
  for (let at = 0; at <= text.length; at += 1) {
    const parse = createEventParser();
    expect([...parse(text.slice(0, at)), ...parse(text.slice(at))]).toEqual([{ a: 'x\n\ny' }, 2]);
  }
});

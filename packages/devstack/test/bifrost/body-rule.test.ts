import { expect, test } from 'vitest';
import { applyBodyRule, formatBodyProblem } from '../../src/bifrost/body-rule.ts';

const RULE = { members: ['name', 'kinds'], values: { kinds: ['a', 'b'] }, maxBytes: 100 };

test.each([
  ['{"name":"x","other":1}', '{"name":"x"}'],
  ['{"kinds":["c","b","a"]}', '{"kinds":["b","a"]}'],
  ['{"kinds":"a"}', '{"kinds":"a"}'],
  ['{"__proto__":{"name":"x"},"constructor":1}', '{}'],
])('%s becomes %s', (text, body) => {
  expect(applyBodyRule(RULE, text)).toEqual({ ok: true, body });
});

test.each(['{"kinds":["c"]}', '{"kinds":"c"}', '{"kinds":null}', '{"kinds":{"0":"a"}}'])('%s is refused', (text) => {
  expect(applyBodyRule(RULE, text)).toEqual({ ok: false, problem: 'kinds has no value that may be registered here.' });
});

test.each(['', '{', '[]', 'null', '"x"'])('%j is no object', (text) => {
  expect(applyBodyRule(RULE, text)).toMatchObject({ ok: false, problem: 'The body must be a JSON object.' });
});

test('the refusal is that of RFC 7591', () => {
  expect(JSON.parse(formatBodyProblem('Why'))).toEqual({
    error: 'invalid_client_metadata',
    error_description: 'Why',
  });
});

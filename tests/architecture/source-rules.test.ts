import { expect, test } from 'vitest';
import { loadModules } from './graph.ts';
import { judgeSource, maxLines } from './source-rules.ts';

test('source files keep the house rules', () => {
  const modules = loadModules();
  expect(modules.length).toBeGreaterThan(0);
  expect(modules.flatMap((module) => judgeSource(module.id, module.text))).toEqual([]);
});

test.each([
  ['grip/src/long.ts', 'const a = 1;\n'.repeat(maxLines + 1), 'lines'],
  ['grip/src/wire/utils.ts', '', 'name the file'],
  ['grip/src/string-helpers.ts', '', 'name the file'],
  ['grip/src/a.ts', 'export default 1;\n', 'default export'],
  ['grip/src/a.ts', "export { a as default } from './b.ts';\n", 'default export'],
  ['grip/src/a.ts', 'function f() {\n  console.log(1);\n}\n', 'console'],
  ['grip/src/a.ts', 'export enum A {}\n', 'enum'],
  ['grip/src/a.ts', 'declare namespace A {}\n', 'namespace'],
  ['grip/src/wire/fields.ts', "export * from './hold.ts';\n", 'barrel'],
])('%s breaks a rule', (path, text, reason) => {
  expect(judgeSource(path, text).join()).toContain(reason);
});

test('a good file passes', () => {
  const text = '// console.log(1) is not used here\nexport const answer = 42;\n';
  expect(judgeSource('grip/src/wire/channel.ts', text)).toEqual([]);
  expect(judgeSource('grip/src/a.ts', 'const a = 1;\n'.repeat(maxLines))).toEqual([]);
});

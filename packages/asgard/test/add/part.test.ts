import { expect, test } from 'vitest';
import { parsePart } from '../../src/add/part.ts';

test('names the files and the constant', () => {
  expect(parsePart('resource', 'old-shelf2')).toEqual({
    kind: 'resource',
    name: 'old-shelf2',
    constant: 'oldShelf2Resource',
    sourceFile: 'src/resources/old-shelf2.ts',
    testFile: 'test/resources/old-shelf2.test.ts',
  });
});

test.each(['', 'Forge', '../x', 'a b', '-a', 'a--b', '1a', 'a'.repeat(65)])('%j is no name', (name) => {
  expect(() => parsePart('tool', name)).toThrow('is no name for a tool');
});

test('only tools, resources and prompts can be added', () => {
  expect(() => parsePart('agent', 'x')).toThrow('Add one of: tool, resource, prompt.');
});

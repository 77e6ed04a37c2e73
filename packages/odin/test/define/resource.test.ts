import { expect, expectTypeOf, test } from 'vitest';
import { defineResource, type ResourceVariables } from '../../src/define/resource.ts';

test('keeps the URI, the options and the handler', () => {
  const handler = ({ id }: { id: string }): string => `note ${id}`;
  const definition = defineResource('note://{id}', { mimeType: 'text/plain' }, handler);
  expect(definition).toEqual({ kind: 'resource', uri: 'note://{id}', mimeType: 'text/plain', handler });
});

test('variables have the names in the template', () => {
  type Note = ResourceVariables<'note://{user}/{+path}{?page,size}/{list*}{short:3}'>;
  type Names = 'user' | 'path' | 'page' | 'size' | 'list' | 'short' | 'uri';
  expectTypeOf<keyof Note>().toEqualTypeOf<Names>();
  expectTypeOf<Note['path']>().toEqualTypeOf<string>();
  expectTypeOf<Note['page']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<ResourceVariables<'note://today'>>().toEqualTypeOf<{ readonly uri: string }>();
  expectTypeOf<ResourceVariables>().toExtend<{ readonly uri: string }>();
  // @ts-expect-error the template has no variable of that name
  defineResource('note://{id}', {}, ({ name }) => name);
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { definePrompt } from '../../src/define/prompt.ts';
import { defineResource } from '../../src/define/resource.ts';
import { defineTool } from '../../src/define/tool.ts';
import { Catalog } from '../../src/registry/catalog.ts';

describe('Catalog', () => {
  it('refuses a second entry of the same name, by kind', () => {
    const catalog = new Catalog();
    catalog.add(defineTool({ name: 'x' }, () => 1));
    catalog.add(definePrompt({ name: 'x' }, () => 'p'));
    catalog.add(defineResource('note://{id}', {}, () => 1));
    expect(() => catalog.add(defineTool({ name: 'x' }, () => 1))).toThrow(/already a tool named "x"/);
    expect(() => catalog.add(definePrompt({ name: 'x' }, () => 'p'))).toThrow(/already a prompt named "x"/);
    expect(() => catalog.add(defineResource('note://{id}', {}, () => 1))).toThrow(
      /already a resource named "note:\/\/\{id\}"/,
    );
  });

  it('names tool and option of a schema that does not fit', () => {
    expect(() => new Catalog().add(defineTool({ name: 'x', input: z.number() as never }, () => 1))).toThrow(
      /^Tool "x", option input: /,
    );
  });

  it.each(['not a uri', ''])('refuses the resource URI %j', (uri) => {
    expect(() => new Catalog().add(defineResource(uri, {}, () => 1))).toThrow(/not a URI/);
  });

  it('finds an exact resource before a template, and templates in order', () => {
    const catalog = new Catalog();
    for (const uri of ['note://{id}', 'note://{other}', 'note://today']) catalog.add(defineResource(uri, {}, () => 1));
    expect(catalog.findResource('note://today')).toMatchObject({ definition: { uri: 'note://today' }, variables: {} });
    expect(catalog.findResource('note://a%2Fb')).toMatchObject({
      definition: { uri: 'note://{id}' },
      variables: { id: 'a/b' },
    });
    expect(catalog.findResource('note://%zz')).toBeUndefined();
    expect(catalog.findResource('other://1')).toBeUndefined();
  });

  it('collects the scopes that entries ask for', () => {
    const catalog = new Catalog();
    catalog.add(defineTool({ name: 'x', scopes: ['b', 'a'] }, () => 1));
    catalog.add(defineResource('note://1', { scopes: ['a', 'c'] }, () => 1));
    expect([...catalog.scopes]).toEqual(['b', 'a', 'c']);
  });
});

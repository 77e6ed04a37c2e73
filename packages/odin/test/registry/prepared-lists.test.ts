import { describe, expect, it } from 'vitest';
import { defineTool } from '../../src/define/tool.ts';
import { Catalog } from '../../src/registry/catalog.ts';
import { PreparedLists } from '../../src/registry/prepared-lists.ts';
import { testPrincipal } from '../../src/testing.ts';

function createLists(limit?: number): { catalog: Catalog; lists: PreparedLists; made: () => number } {
  const catalog = new Catalog();
  catalog.add(defineTool({ name: 'open' }, () => 1));
  catalog.add(defineTool({ name: 'secret', scopes: ['s'] }, () => 1));
  let made = 0;
  const lists = new PreparedLists({
    catalog,
    pageSize: 2,
    format: (kind, { entries, nextCursor }, era) => {
      made += 1;
      return `${kind} ${era} ${entries.map(({ name }) => name).join(',')}${nextCursor === undefined ? '' : ' more'}`;
    },
    ...(limit !== undefined && { limit }),
  });
  return { catalog, lists, made: () => made };
}

describe('PreparedLists', () => {
  it('makes a text once per kind, era and set of scopes that matter', () => {
    const { lists, made } = createLists();
    expect(lists.get('tools', 'modern', { principal: testPrincipal({ scopes: ['s', 'other'] }) })).toBe(
      'tools modern open,secret',
    );
    expect(lists.get('tools', 'modern', { principal: testPrincipal({ scopes: ['s'] }) })).toBe(
      'tools modern open,secret',
    );
    expect(made()).toBe(1);
    expect(lists.get('tools', 'modern', { principal: testPrincipal({ scopes: ['other'] }) })).toBe('tools modern open');
    expect(lists.get('tools', 'legacy', { principal: testPrincipal({ scopes: ['s'] }) })).toBe(
      'tools legacy open,secret',
    );
    expect(made()).toBe(3);
  });

  it.each(['everything', 'scopes s', '*', '-', ''])(
    'shows a caller with the odd scope %j no more than others',
    (scope) => {
      const { lists } = createLists();
      expect(lists.get('tools', 'modern', { principal: undefined })).toBe('tools modern open,secret');
      expect(lists.get('tools', 'modern', { principal: testPrincipal({ scopes: [scope] }) })).toBe('tools modern open');
    },
  );

  it('takes no cursor for the permissions of somebody else', () => {
    const { lists, catalog } = createLists();
    const mighty = testPrincipal({ scopes: ['s'] });
    lists.get('tools', 'modern', { principal: mighty });
    for (const cursor of [` ${catalog.permissionsOf(mighty)}`, catalog.permissionsOf(mighty)]) {
      expect(lists.get('tools', 'modern', { principal: testPrincipal(), cursor })).toBeUndefined();
    }
  });

  it('makes them anew after a change', () => {
    const { lists, catalog } = createLists();
    lists.get('tools', 'modern', { principal: undefined });
    catalog.add(defineTool({ name: 'new' }, () => 1));
    expect(lists.get('tools', 'modern', { principal: undefined })).toBe('tools modern open,secret more');
  });

  it('keeps no more than its limit', () => {
    const { lists, made } = createLists(2);
    for (const era of ['modern', 'legacy'] as const) lists.get('tools', era, { principal: undefined });
    lists.get('prompts', 'modern', { principal: undefined });
    lists.get('tools', 'legacy', { principal: undefined });
    expect(made()).toBe(3);
    lists.get('tools', 'modern', { principal: undefined });
    expect(made()).toBe(4);
  });
});

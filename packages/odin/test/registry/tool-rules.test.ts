import { describe, expect, it } from 'vitest';
import { type ToolRule, ToolRules } from '../../src/registry/tool-rules.ts';

describe('ToolRules', () => {
  const rules = new ToolRules({
    'admin_*': { deny: true },
    'admin_read*': { perMinute: 5 },
    search: { perMinute: 60 },
    Drop: { deny: true },
  });

  it.each([
    ['admin_drop', ['admin_*'], true],
    ['ADMIN_drop', ['admin_*'], true],
    // The narrower rule does not lift the denial of the wider one.
    ['admin_read_all', ['admin_read*', 'admin_*'], true],
    ['search', ['search'], false],
    ['search_more', [], false],
    ['administrate', [], false],
    ['drop', ['drop'], true],
  ])('%s: %j, denied: %j', (tool, found, denied) => {
    expect(rules.for(tool).map((rule) => rule.tool)).toEqual(found);
    expect(rules.isDenied(tool)).toBe(denied);
  });

  it('* is for all tools', () => {
    expect(new ToolRules({ '*': { deny: true } }).isDenied('any')).toBe(true);
  });

  it.each([
    [{ 'a b': { deny: true } }, /"a b" is not the name of a tool/],
    [{ '*_drop': { deny: true } }, /is not the name of a tool/],
    [{ drop: true }, /must be an object/],
    [{ drop: { denied: true } }, /has "denied", which is neither/],
    [{ drop: { deny: 'true' } }, /deny that is neither true nor false/],
    [{ drop: { perMinute: 0 } }, /whole number above 0/],
    [{ drop: { perMinute: '5' } }, /whole number above 0/],
    [{ drop: { deny: true }, DROP: { deny: false } }, /there twice/],
  ])('refuses %j', (input, problem) => {
    expect(() => new ToolRules(input as unknown as Record<string, ToolRule>)).toThrow(problem);
  });
});

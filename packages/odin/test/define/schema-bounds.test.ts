import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkSchemaBounds } from '../../src/define/schema-bounds.ts';
import type { JsonObject } from '../../src/protocol/json.ts';

const check = (json: JsonObject): void => checkSchemaBounds(json, 'tool "t", option input');

function nest(levels: number): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = { items: schema };
  return schema;
}

/** Each name stands for two of the next: 2 ** `names` schemas for one value. */
function doubling(names: number): JsonObject {
  const $defs: Record<string, JsonObject> = { [`d${names}`]: { type: 'string' } };
  for (let n = 0; n < names; n++) {
    const $ref = `#/$defs/d${n + 1}`;
    $defs[`d${n}`] = { allOf: [{ $ref }, { $ref }] };
  }
  return { $ref: '#/$defs/d0', $defs };
}

describe('what a schema may be', () => {
  it.each<[string, JsonObject]>([
    ['of a recursive zod schema', z.toJSONSchema(z.object({ any: z.json() })) as JsonObject],
    ['that refers to itself for a part of the value', { properties: { next: { $ref: '#' } } }],
    ['that refers to a definition', { $ref: '#/$defs/a', $defs: { a: { type: 'object' } } }],
    ['that refers to a definition that is true', { $ref: '#/$defs/a', $defs: { a: true } }],
    ['that refers to an anchor', { $ref: '#a', $defs: { x: { $anchor: 'a' } } }],
    ['that refers by a dynamic anchor', { items: { $dynamicRef: '#a' }, $dynamicAnchor: 'a' }],
    ['that refers to a place of another name', { $ref: '#/components/schemas/a', components: { schemas: { a: {} } } }],
    ['that refers with escapes', { $ref: '#/$defs/a~1b%20c~0', $defs: { 'a/b c~': {} } }],
    ['that refers within a document of its own', { items: { $id: 'urn:x', $ref: '#/$defs/a', $defs: { a: {} } } }],
    ['with properties called like keywords', { properties: { $ref: { type: 'string' }, allOf: { type: 'string' } } }],
    ['with data that looks like a reference', { const: { $ref: 'https://example.com' }, default: { $ref: 3 } }],
    ['of 64 levels', nest(64)],
    ['that doubles 8 times', doubling(8)],
  ])('one %s', (_, json) => {
    expect(() => check(json)).not.toThrow();
  });
});

describe('what a schema may not be', () => {
  it.each<[string, JsonObject, RegExp]>([
    [
      'fetched',
      { properties: { a: { $ref: 'https://example.com/a.json' } } },
      /"https:\/\/example.com\/a.json" points out/,
    ],
    ['a file', { items: [{}], anyOf: [{ $ref: 'file:///etc/passwd' }] }, /points out of the schema/],
    ['relative', { $ref: 'other.json#/$defs/a' }, /points out of the schema/],
    ['dynamic and elsewhere', { $dynamicRef: 'https://example.com#a' }, /\$dynamicRef .* points out/],
    ['no text', { $ref: 7 }, /\$ref 7 points out/],
    ['missing', { $ref: '#/$defs/b', $defs: { a: {} } }, /"#\/\$defs\/b" points to nothing/],
    ['inherited', { $ref: '#/__proto__' }, /points to nothing/],
    ['badly escaped', { $ref: '#/%zz' }, /points to nothing/],
    ['an unknown anchor', { $ref: '#b', $defs: { x: { $anchor: 'a' } } }, /"#b" points to nothing/],
    ['of the outer document', { $defs: { a: {} }, items: { $id: 'urn:x', $ref: '#/$defs/a' } }, /points to nothing/],
    ['itself', { $ref: '#' }, /in circles/],
    ['a circle of two', { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { not: { $ref: '#' } } } }, /in circles/],
    ['too deep', nest(65), /more than 64 levels/],
    [
      'too many',
      { properties: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [n, {}])) },
      /more than 5000/,
    ],
    ['ever doubled', doubling(40), /more than 10000 schemas would be applied/],
  ])('%s', (_, json, message) => {
    expect(() => check(json)).toThrow(message);
    expect(() => check(json)).toThrow(/^tool "t", option input: /);
  });
});

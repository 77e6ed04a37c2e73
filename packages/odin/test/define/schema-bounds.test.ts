import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
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

function chain(length: number): JsonObject {
  const $defs: Record<string, JsonObject> = { [`d${length}`]: {} };
  for (let n = 0; n < length; n++) $defs[`d${n}`] = { $ref: `#/$defs/d${n + 1}` };
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
    ['that refers to itself by its own id', { $id: 'https://a.example/s', items: { $ref: 'https://a.example/s' } }],
    ['that refers by an id to a part', { $ref: 'urn:x#/$defs/b', $defs: { a: { $id: 'urn:x', $defs: { b: {} } } } }],
    ['that refers by a relative id', { $id: 'https://a.example/s', $ref: 't', $defs: { t: { $id: 't' } } }],
    ['that refers by an id to an anchor', { $ref: 't#a', $defs: { t: { $id: 't', items: { $anchor: 'a' } } } }],
    ['with an empty fragment in its id', { $id: 'https://a.example/s#', items: { $ref: '#' } }],
    [
      'of an older draft',
      { items: [{ $anchor: 'a' }, { $ref: '#a' }], additionalItems: false, dependencies: { a: ['b'] } },
    ],
    ['of a long chain of references', chain(4_000)],
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
    ['itself by its id', { $id: 'https://a.example/s', $ref: 'https://a.example/s#' }, /in circles/],
    ['itself by dependencies', { dependencies: { a: { $ref: '#' } } }, /in circles/],
    ['an id of nothing', { $ref: 'urn:x#/$defs/c', $defs: { a: { $id: 'urn:x' } } }, /points to nothing/],
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

describe('any schema whose references are local', () => {
  const NAMES = ['a', 'b', 'c', 'd'] as const;
  const name = fc.constantFrom(...NAMES);
  /** By pointer, by anchor, by an id that is relative, absolute or has a pointer behind it; and what leads nowhere. */
  const reference = fc.oneof(
    { weight: 8, arbitrary: name.map((to) => `#/$defs/${to}`) },
    { weight: 8, arbitrary: name.map((to) => `#anchor-${to}`) },
    fc.constantFrom(
      '#',
      'https://a.example/root',
      'id-b',
      'https://a.example/id-b',
      'id-b#/properties/x',
      'id-b#inner',
    ),
    fc.constantFrom(
      '#/$defs/none',
      '#none',
      'id-none',
      'https://b.example/',
      '#/$defs/a/allOf/0',
      '#/$defs/b/properties/x',
    ),
  );
  const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant({}),
      reference.map(($ref) => ({ $ref })),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ properties: fc.record({ x: tie('schema') }) }),
    ) as fc.Arbitrary<JsonObject>,
  }));
  const document = fc
    .record({ root: schema, a: schema, b: schema, c: schema, d: schema, inner: schema })
    .map(({ root, inner, ...defs }): JsonObject => {
      const named = NAMES.map((key) => [key, { $anchor: `anchor-${key}`, ...defs[key] }] as const);
      const $defs: Record<string, JsonObject> = Object.fromEntries(named);
      // Within allOf, since ajv takes an $id beside a $ref for the target's.
      $defs.b = { $id: 'id-b', $defs: { i: { $anchor: 'inner', ...inner } }, properties: { x: {} }, allOf: [defs.b] };
      return { $id: 'https://a.example/root', ...root, $defs };
    });
  const problemOf = (json: JsonObject): string => {
    try {
      checkSchemaBounds(json, 'x');
      return '';
    } catch (refused) {
      return String(refused);
    }
  };

  it('is refused for a reference only where ajv cannot compile it, and for circles only where ajv never ends', () => {
    const seen = { fine: 0, missing: 0, circles: 0 };
    fc.assert(
      fc.property(document, (json) => {
        const problem = problemOf(json);
        const ajv = new Ajv2020({ strict: false, inlineRefs: false, validateSchema: false });
        const everything = { ...json, $id: 'https://a.example/root' };
        if (/points (out|to nothing)/.test(problem)) {
          seen.missing += 1;
          expect(() => everyDefinition(ajv, everything)).toThrow();
          return;
        }
        if (/in circles/.test(problem)) {
          seen.circles += 1;
          expect(() => everyDefinition(ajv, everything)).toThrow(/call stack|can't resolve/);
          return;
        }
        expect(problem).toBe('');
        seen.fine += 1;
        expect(() => everyDefinition(ajv, everything)).not.toThrow();
      }),
      { numRuns: 300 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });

  /** Compiles and runs all of it: what is only defined, and not used, has to be in order too. */
  function everyDefinition(ajv: Ajv2020, json: JsonObject): void {
    const value = { x: { x: { x: { x: {} } } } };
    ajv.compile(json)(value);
    for (const at of ['a', 'c', 'd']) ajv.compile({ $ref: `https://a.example/root#/$defs/${at}` })(value);
    for (const at of ['https://a.example/id-b', 'https://a.example/id-b#inner']) ajv.compile({ $ref: at })(value);
  }
});

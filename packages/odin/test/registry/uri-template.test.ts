import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUriMatcher, isUriTemplate } from '../../src/registry/uri-template.ts';

const match = (template: string, uri: string): unknown => createUriMatcher(template).match(uri);

describe('a URI template (RFC 6570)', () => {
  it.each<[string, string, Record<string, string>]>([
    ['x://{id}', 'x://a%2Fb%20%C3%A4', { id: 'a/b ä' }],
    ['x://{a}.{b}', 'x://1.2.3', { a: '1.2', b: '3' }],
    ['x://{a,b}', 'x://1,2', { a: '1', b: '2' }],
    ['x://{list*}', 'x://1,2,3', { list: '1,2,3' }],
    ['x://{id:3}', 'x://%C3%A4bc', { id: 'äbc' }],
    ['x://{+path}', 'x://a/b?c#d', { path: 'a/b?c#d' }],
    ['x://{+path}/{last}', 'x://a/b/c', { path: 'a/b', last: 'c' }],
    ['x://{+path}{?q}{#at}', 'x://a/b?q=1#top', { path: 'a/b', q: '1', at: 'top' }],
    ['x://f{/a,b}', 'x://f/1/2', { a: '1', b: '2' }],
    ['x://f{/rest*}', 'x://f/1/2', { rest: '1/2' }],
    ['x://f{.ext}', 'x://f.tar.gz', { ext: 'tar.gz' }],
    ['x://f{.a,b}', 'x://f.tar.gz', { a: 'tar', b: 'gz' }],
    ['x://f{?q,limit}', 'x://f?q=a%26b&limit=2', { q: 'a&b', limit: '2' }],
    ['x://f{?q,limit}', 'x://f?limit=2&q=', { q: '', limit: '2' }],
    ['x://f{?q,limit}', 'x://f?limit=2', { limit: '2' }],
    ['x://f{?q,limit}', 'x://f', {}],
    ['x://f{?tag*}', 'x://f?tag=a&tag=b', { tag: 'a,b' }],
    ['x://f?v=1{&q}', 'x://f?v=1&q=2', { q: '2' }],
    ['x://f?v=1{&q}', 'x://f?v=1', {}],
    ['x://f{;a,b}/g', 'x://f;b=2;a/g', { a: '', b: '2' }],
    ['x://f{#at}', 'x://f#top', { at: 'top' }],
    ['x://f{#at}', 'x://f', {}],
    ['x://h.c(om)/{id}', 'x://h.c(om)/1', { id: '1' }],
    ['x://{__proto__}', 'x://1', JSON.parse('{"__proto__":"1"}')],
  ])('%s reads %s', (template, uri, values) => {
    expect(match(template, uri)).toEqual(values);
  });

  it.each([
    ['x://{id}', 'x://'],
    ['x://{id}', 'x://a/b'],
    ['x://{id}', 'x://a?b'],
    ['x://{id}', 'x://a#b'],
    ['x://{id}', 'x://%zz'],
    ['x://{id}', `x://${'a'.repeat(65_533)}`],
    ['x://{a}/{b}', `x://${'a'.repeat(4_000)}/${'b'.repeat(92)}`],
    ['x://{id:3}', 'x://abcd'],
    ['x://{a,b}', 'x://1'],
    ['x://{a,b}', 'x://1,2,3'],
    ['x://f{/a,b}', 'x://f/1/2/3'],
    ['x://f{?q}', 'x://f?other=1'],
    ['x://f{?q}', 'x://f?q=1&q=2'],
    ['x://f{?q}', 'x://f?'],
    ['x://f{?q}', 'x://f?q=%zz'],
    ['x://h.c(om)/{id}', 'x://hXc(om)/1'],
  ])('%s does not read %s', (template, uri) => {
    expect(match(template, uri)).toBeUndefined();
  });

  it.each(['x://{', 'x://}', 'x://{}', 'x://{a b}', 'x://{a-b}', 'x://{=a}', 'x://{a:0}', 'x://{a}/{a}', 'x://{{a}}'])(
    'is not %s',
    (template) => {
      expect(isUriTemplate(template)).toBe(true);
      expect(() => createUriMatcher(template)).toThrow(/not a URI template of RFC 6570/);
    },
  );

  it('reads back whatever values were put in', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    const encoded = (text: string): string =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const uri = `x://${encoded(a)}/f/${encoded(b)}?c=${encoded(c)}`;
        expect(match('x://{a}/f{/b}{?c,d}', uri)).toEqual({ a, b, c });
        expect(match('x://{+a}/f{/b}{?c,d}', uri)).toEqual({ a, b, c });
      }),
    );
  });

  it('takes bounded time for the worst of URIs', () => {
    const startedAt = performance.now();
    expect(match('x://{+a}/{+b}/{+c}/{+d}/end', `x://${'/'.repeat(4_000)}`)).toBeUndefined();
    expect(match('x://{+a}/end', `x://${'/end'.repeat(16_000)}/`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

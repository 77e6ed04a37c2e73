import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compileSchema } from '../../src/define/schema.ts';
import { toPromptResult, toResourceResult, toToolResult, UnfitResult } from '../../src/protocol/results.ts';

const output = compileSchema(z.object({ n: z.number() }), 'output', 'x');

describe('toToolResult', () => {
  it.each([
    ['text', [{ type: 'text', text: 'text' }]],
    [5, [{ type: 'text', text: '5' }]],
    [{ toJSON: () => 5 }, [{ type: 'text', text: '5' }]],
    [true, [{ type: 'text', text: 'true' }]],
    [null, [{ type: 'text', text: 'null' }]],
    [{ a: [1] }, [{ type: 'text', text: '{"a":[1]}' }]],
    [undefined, []],
  ])('%j becomes content', async (value, content) => {
    expect(await toToolResult(value, undefined)).toEqual({ content });
  });

  it('passes a ready result through', async () => {
    const ready = { content: [{ type: 'image', data: '', mimeType: 'image/png' }], _meta: { a: 1 } };
    expect(await toToolResult(ready, undefined)).toEqual(ready);
  });

  it('takes for a ready result only what has content blocks', async () => {
    expect(await toToolResult({ content: ['a'] }, undefined)).toEqual({
      content: [{ type: 'text', text: '{"content":["a"]}' }],
    });
  });

  it('takes for its own value what a schema with content of its own says', async () => {
    const article = compileSchema(z.object({ content: z.array(z.object({ type: z.string() })) }), 'output', 'x');
    const value = { content: [{ type: 'p' }] };
    expect(await toToolResult(value, article)).toEqual({
      content: [{ type: 'text', text: JSON.stringify(value) }],
      structuredContent: value,
    });
    expect(await toToolResult({ content: [], structuredContent: value }, article)).toMatchObject({ content: [] });
  });

  it('checks values and ready results against the output schema', async () => {
    expect(await toToolResult({ n: 1 }, output)).toEqual({
      content: [{ type: 'text', text: '{"n":1}' }],
      structuredContent: { n: 1 },
    });
    expect(await toToolResult({ content: [], structuredContent: { n: 1 } }, output)).toEqual({
      content: [],
      structuredContent: { n: 1 },
    });
    await expect(toToolResult({ n: 'x' }, output)).rejects.toThrow(UnfitResult);
    await expect(toToolResult({ content: [] }, output)).rejects.toThrow(UnfitResult);
    expect(await toToolResult({ content: [], isError: true }, output)).toEqual({ content: [], isError: true });
  });
});

describe('toResourceResult', () => {
  it.each([
    ['hi', undefined, { mimeType: 'text/plain', text: 'hi' }],
    ['# hi', 'text/markdown', { mimeType: 'text/markdown', text: '# hi' }],
    [{ a: 1 }, undefined, { mimeType: 'application/json', text: '{"a":1}' }],
    [new Uint8Array([0, 255, 128]), undefined, { mimeType: 'application/octet-stream', blob: 'AP+A' }],
    [
      runInNewContext('new Uint8Array([1, 0, 255, 128]).subarray(1)'),
      undefined,
      { mimeType: 'application/octet-stream', blob: 'AP+A' },
    ],
  ])('%j', (value, mimeType, content) => {
    expect(toResourceResult(value, 'x://1', mimeType)).toEqual({ contents: [{ uri: 'x://1', ...content }] });
  });

  it('encodes large bytes', () => {
    const bytes = new Uint8Array(100_000).fill(7);
    const { contents } = toResourceResult(bytes, 'x://1', undefined) as unknown as { contents: [{ blob: string }] };
    expect(Buffer.from(contents[0].blob, 'base64')).toEqual(Buffer.from(bytes));
  });
});

describe('toPromptResult', () => {
  it('makes a user message of a string, passes messages through, refuses the rest', () => {
    expect(toPromptResult('hi', 'about')).toEqual({
      description: 'about',
      messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }],
    });
    expect(toPromptResult({ messages: [], description: 'own' }, 'about')).toEqual({ messages: [], description: 'own' });
    expect(() => toPromptResult(5, undefined)).toThrow(UnfitResult);
  });
});

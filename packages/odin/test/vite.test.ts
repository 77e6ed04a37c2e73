import { describe, expect, it } from 'vitest';
import { lowerDecorators } from '../src/vite.ts';

const plugin = lowerDecorators();
const source = `declare const tool: any;\nexport class A {\n  @tool()\n  add(a: number): number { return a; }\n}\n`;

describe('lowerDecorators', () => {
  it('lowers standard decorators to code that every runtime runs, with a source map', async () => {
    const lowered = await plugin.transform(source, '/app/a.ts?v=1');
    expect(lowered?.code).not.toMatch(/^\s*@tool/m);
    expect(lowered?.code).toContain('__decorateElement');
    expect(JSON.parse(lowered?.map ?? '{}')).toMatchObject({ sources: ['/app/a.ts'] });
  });

  it.each([
    ['/app/a.js', source],
    ['/app/node_modules/x/a.ts', source],
    ['/app/a.ts', 'export const mail = "a@b.c";'],
    ['\0virtual', source],
  ])('leaves %s alone', async (id, code) => {
    expect(await plugin.transform(code, id)).toBeUndefined();
  });
});

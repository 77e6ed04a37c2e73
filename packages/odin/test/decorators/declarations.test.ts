import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { definitionsOf } from '../../src/decorators/declarations.ts';
import { type OdinContext, OdinServer, prompt, resource, tool } from '../../src/index.ts';
import { createTestClient } from '../../src/testing.ts';

const Add = z.object({ a: z.number(), b: z.number().default(1) });

class Base {
  protected readonly greeting: string = 'Hello';

  @tool({ description: 'Add', input: Add, output: z.object({ sum: z.number() }) })
  add({ a, b }: z.infer<typeof Add>): { sum: number } {
    return { sum: a + b };
  }

  @tool({ name: 'greet-all' })
  greet(_context: OdinContext): string {
    return this.greeting;
  }

  @resource('note://{id}', { mimeType: 'text/plain' })
  note({ id }: { id?: string }): string {
    return `note ${id}`;
  }

  @prompt({ args: z.object({ topic: z.string() }) })
  explain({ topic }: { topic: string }): string {
    return `Explain ${topic}`;
  }
}

class Derived extends Base {
  protected override readonly greeting = 'Hei';

  @tool({ description: 'Add twice', input: Add })
  override add({ a, b }: z.infer<typeof Add>): never {
    return { sum: 2 * (a + b) } as never;
  }

  @tool()
  extra(): string {
    return 'extra';
  }
}

const serve = (instance: object) => createTestClient(new OdinServer({ name: 't', version: '1' }).register(instance));

describe('standard decorators', () => {
  it('make definitions that call the method on the registered object', async () => {
    const client = serve(new Base());
    expect(await client.callTool('add', { a: 2 })).toMatchObject({ structuredContent: { sum: 3 } });
    expect(await client.callTool('greet-all')).toMatchObject({ content: [{ text: 'Hello' }] });
    expect(await client.readResource('note://7')).toMatchObject({
      contents: [{ uri: 'note://7', text: 'note 7', mimeType: 'text/plain' }],
    });
    expect(await client.getPrompt('explain', { topic: 'runes' })).toMatchObject({
      messages: [{ content: { text: 'Explain runes' } }],
    });
  });

  it('are inherited; a subclass replaces what it declares again, and overrides are called', async () => {
    expect(definitionsOf(new Derived()).map((definition) => ('name' in definition ? definition.name : ''))).toEqual([
      'add',
      'greet-all',
      'note',
      'explain',
      'extra',
    ]);
    const client = serve(new Derived());
    expect(await client.callTool('add', { a: 2 })).toMatchObject({ content: [{ text: '{"sum":6}' }] });
    expect(await client.callTool('greet-all')).toMatchObject({ content: [{ text: 'Hei' }] });
    expect(definitionsOf(new Base()).map(({ description }) => description)).toContain('Add');
  });

  it('refuse static and private methods', () => {
    const decorate = tool() as (method: unknown, context: unknown) => void;
    for (const shape of [
      { static: true, private: false },
      { static: false, private: true },
    ]) {
      expect(() => decorate(() => {}, { kind: 'method', name: 'x', metadata: {}, ...shape })).toThrow(
        /only public instance methods/,
      );
    }
    expect(() =>
      decorate(undefined, { kind: 'field', name: 'x', metadata: {}, static: false, private: false }),
    ).toThrow(/only public instance methods/);
  });

  it('say what to do when a compiler gives no metadata', () => {
    const decorate = tool() as (method: unknown, context: unknown) => void;
    expect(() => decorate(() => {}, { kind: 'method', name: 'x', static: false, private: false })).toThrow(
      /no decorator metadata/,
    );
  });

  it('are refused when used without a call', () => {
    expect(() => (tool as unknown as (...args: unknown[]) => (...args: unknown[]) => void)(() => {}, {})({})).toThrow(
      /call it with its options/,
    );
  });

  it('leave nothing to register on a plain object', () => {
    expect(() => new OdinServer({ name: 't', version: '1' }).register({})).toThrow(/no method decorated/);
  });
});

describe('the legacy call shape', () => {
  it('declares on the prototype, as experimentalDecorators calls it', async () => {
    class Legacy {
      readonly factor = 3;
      times({ a }: { a: number }): { product: number } {
        return { product: this.factor * a };
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Legacy.prototype, 'times') as TypedPropertyDescriptor<
      Legacy['times']
    >;
    tool({ input: z.object({ a: z.number() }), output: z.object({ product: z.number() }) })(
      Legacy.prototype,
      'times',
      descriptor,
    );
    expect(await serve(new Legacy()).callTool('times', { a: 2 })).toMatchObject({ structuredContent: { product: 6 } });
  });

  it('refuses static methods, which come with the class itself', () => {
    class Legacy {}
    const decorate = tool() as unknown as (target: unknown, key: string) => void;
    expect(() => decorate(Legacy, 'times')).toThrow(/public instance method/);
  });
});

describe('types', () => {
  it('a functional tool infers its arguments', () => {
    new OdinServer({ name: 't', version: '1' }).tool({ name: 'x', input: Add }, (input, context) => {
      expectTypeOf(input).toEqualTypeOf<{ a: number; b: number }>();
      expectTypeOf(context).toEqualTypeOf<OdinContext>();
    });
  });

  it('wrong results and arguments do not compile', () => {
    const odin = new OdinServer({ name: 't', version: '1' });
    // @ts-expect-error sum must be a number
    odin.tool({ name: 'x', input: Add, output: z.object({ sum: z.number() }) }, () => ({ sum: 'one' }));
    // @ts-expect-error the schema has no member c
    odin.tool({ name: 'y', input: Add }, ({ c }) => c);
    class Wrong {
      // @ts-expect-error the argument must be what the schema makes
      @tool({ input: Add })
      add({ a }: { a: string }): string {
        return a;
      }
    }
    expect(new Wrong().add({ a: '1' })).toBe('1');
  });
});

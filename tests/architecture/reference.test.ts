import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { generatePages } from '../../scripts/gen-reference.ts';
import { formatInterface, readInterface } from '../../scripts/reference/interfaces.ts';
import { formatLimits } from '../../scripts/reference/limits.ts';

const root = new URL('../../', import.meta.url);

test.each([...generatePages()])('%s says what the types say (npm run reference)', (path, text) => {
  expect(readFileSync(new URL(path, root), 'utf8')).toBe(text);
});

test('every option of a reference page is described', () => {
  for (const [path, text] of generatePages()) {
    const bare = text.split('\n').filter((line) => line.startsWith('| `') && line.endsWith('|  |'));
    expect(bare, path).toEqual([]);
  }
});

test('no table of a reference page is empty', () => {
  for (const [path, text] of generatePages()) expect(text, path).not.toMatch(/--- \|\n(?!\|)/);
});

test('a limit that has no default is refused', () => {
  const options = [{ file: 'x.ts', name: 'Options', prefix: 'x.', members: ['a'] }];
  const read = (declaration: string) => () =>
    readInterface(`export interface Options {\n${declaration}\n}\n`, 'Options');
  const page = formatLimits(
    [{ title: 'Some', options }],
    read('  /** Most. @default 1_000 */\n  readonly a?: number;'),
  );
  expect(page).toContain('| `x.a` | 1,000 | Most. |');
  expect(() => formatLimits([{ title: 'Some', options }], read('  /** Most. */\n  readonly a?: number;'))).toThrow(
    'no a',
  );
});

describe('readInterface', () => {
  const source = `
/** All of it. */
export interface Options<T = undefined> extends Base {
  /** How long. Milliseconds. @default 50 */
  readonly patienceMs?: number;
  /**
   * Over
   * two lines, with a | in it.
   */
  readonly kind: 'a' | 'b';
  readonly shape?: { readonly x: number };
}
`;

  it('reads names, types, defaults and texts', () => {
    expect(readInterface(source, 'Options')).toEqual({
      name: 'Options',
      text: 'All of it.',
      members: [
        { name: 'patienceMs', type: 'number', required: false, text: 'How long. Milliseconds.', fallback: '50' },
        {
          name: 'kind',
          type: "'a' | 'b'",
          required: true,
          text: 'Over two lines, with a | in it.',
          fallback: undefined,
        },
        { name: 'shape', type: '{ readonly x: number }', required: false, text: '', fallback: undefined },
      ],
    });
    expect(formatInterface(readInterface(source, 'Options'))).toContain(
      "| `kind` | `'a' \\| 'b'` | required | Over two lines, with a \\| in it. |",
    );
  });

  it('says when there is no such interface', () => {
    expect(() => readInterface(source, 'Other')).toThrow('no exported interface Other');
  });
});

import type { Random } from '../random.ts';
import { strangeKey } from '../values.ts';

type Change = (text: string, random: Random) => string;

/** Pieces of JSON that a serializer would not write, or not there. */
const PIECES: readonly string[] = [
  '"',
  '\\',
  '\\ud800',
  '\\u0000',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'null',
  '1e400',
  '-',
  '9'.repeat(400),
  '[['.repeat(500),
  '{"a":'.repeat(500),
  '\ufeff',
  '\u0000',
  '\ud800',
  '/**/',
  'NaN',
  '"__proto__":{"polluted":1},',
];

const CHANGES: readonly Change[] = [
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random) => splice(text, random, random.pick(PIECES), 0),
  (text, random) => splice(text, random, random.pick(PIECES), 1),
  (text, random) => splice(text, random, '', 1 + random.below(20)),
  (text, random) => splice(text, random, String.fromCharCode(random.below(65_536)), 1),
  (text) => text + text,
  (text) => `[${text},${text}]`,
  (text, random) => doubleKey(text, random),
];

/** Changes the characters of a JSON text, wherever they stand. */
export function mutateText(text: string, random: Random): string {
  return random.pick(CHANGES)(text, random);
}

/** Flips, drops and adds bytes, so that the text need not be UTF-8 any more. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = [...bytes.subarray(0, 20_000)];
  for (let change = 0; change <= random.below(4); change += 1) {
    const at = random.below(copy.length + 1);
    copy.splice(at, random.below(2), random.below(256));
  }
  return Uint8Array.from(copy);
}

function splice(text: string, random: Random, piece: string, dropped: number): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at + dropped);
}

/** Says a member twice; parsers disagree about which one counts. */
function doubleKey(text: string, random: Random): string {
  const at = text.indexOf('{', random.below(text.length + 1));
  return at < 0 ? text : `${text.slice(0, at + 1)}"${strangeKey(random)}":1,${text.slice(at + 1)}`;
}

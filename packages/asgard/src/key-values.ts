import { AsgardError } from './errors.ts';
import { formatShellWords } from './shell-words.ts';

/**
 * Reads `key=value` words as the arguments of a call. A value that is JSON is taken as JSON (`count=2`, `on=true`,
 * `tags=["a"]`), any other as text. `key:=value` insists on JSON; `key="2"` gives the text 2.
 *
 * @throws AsgardError `usage` when a word has no `=`, a key comes twice, or `:=` is not followed by JSON
 */
export function parseKeyValues(words: readonly string[]): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const word of words) {
    const split = word.indexOf('=');
    const strict = word[split - 1] === ':';
    const key = word.slice(0, strict ? split - 1 : split);
    if (split < 1 || key === '') {
      throw new AsgardError(
        'usage',
        `"${word}" is not key=value. Write the arguments of the tool as key=value or key:=json.`,
      );
    }
    if (values.has(key)) throw new AsgardError('usage', `"${key}" is given twice.`);
    values.set(key, parseValue(word.slice(split + 1), strict ? key : undefined));
  }
  return Object.fromEntries(values);
}

function parseValue(text: string, strictKey: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (strictKey === undefined) return text;
    throw new AsgardError('usage', `The value of "${strictKey}" is not JSON: ${text}`, { cause });
  }
}

/** Writes arguments as `parseKeyValues` reads them, quoted for a POSIX shell. */
export function formatKeyValues(values: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(values).map(([key, value]) =>
    typeof value === 'string' ? formatText(key, value) : `${key}=${JSON.stringify(value)}`,
  );
  return formatShellWords(words);
}

/** Text that is JSON by chance needs quotes of its own. */
function formatText(key: string, text: string): string {
  return parseValue(text, undefined) === text ? `${key}=${text}` : `${key}=${JSON.stringify(text)}`;
}

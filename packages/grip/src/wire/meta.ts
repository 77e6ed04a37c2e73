import { GripError } from '../errors.ts';
import { checkText, checkToken, GRIP_HEADERS, parseParameters, quote, splitList } from './fields.ts';
import { MAX_FIELD_LENGTH } from './limits.ts';

/** Writes the value of `Grip-Set-Meta`. Values are quoted; an empty one is refused, because the proxy takes it for absent. */
export function formatMeta(meta: Readonly<Record<string, string>>): string {
  return Object.entries(meta)
    .map(([key, value]) => {
      const field = `meta ${key}`;
      checkToken('meta key', key);
      checkText(field, value, MAX_FIELD_LENGTH);
      if (value === '') throw new GripError('illegal_value', `${field} must not be empty`, { field });
      return `${key}=${quote(value)}`;
    })
    .join(', ');
}

/** Reads the value of `Grip-Set-Meta`; the last of equal keys counts. */
export function parseMeta(text: string): Record<string, string> {
  const field = GRIP_HEADERS.setMeta;
  const entries = splitList(field, text).map((part): [string, string] => {
    const [first] = parseParameters(field, part);
    if (!first?.[0]) throw new GripError('invalid_field', `${field} has an element without a key`, { field });
    return first;
  });
  return Object.fromEntries(entries);
}

import { GripError } from '../errors.ts';

const SLOT_NAME = /^[A-Za-z0-9_.-]+$/;

/**
 * Makes text safe for channels with the filter `var-subst`: doubles every `%`.
 * A single unescaped `%` makes Pushpin close, or skip, every subscriber's stream.
 */
export function escapeVarSubst(content: string): string {
  return content.replaceAll('%', '%%');
}

/** The slot that the proxy fills with the subscriber's own meta value of that name. The value is inserted raw. */
export function varSlot(name: string): string {
  if (!SLOT_NAME.test(name)) {
    throw new GripError('illegal_value', `a slot name may have A-Z a-z 0-9 _ . -, not ${JSON.stringify(name)}`, {
      field: 'slot',
    });
  }
  return `%(${name})s`;
}

/**
 * Fills the slots as the proxy does.
 * @throws {@link GripError} `invalid_field` on an unescaped `%`, an unknown directive or a name without a value.
 */
export function renderVarSubst(content: string, meta: Readonly<Record<string, string>>): string {
  const fail = (message: string): never => {
    throw new GripError('invalid_field', `var-subst: ${message}`, { field: 'content' });
  };
  return content.replace(
    /%(?:%|\(((?:[^\\)]|\\[\s\S])*)\)([\s\S])?|([\s\S])?)/g,
    (directive, slot?: string, type?: string) => {
      if (directive === '%%') return '%';
      if (slot === undefined || type !== 's') return fail(`unknown directive ${JSON.stringify(directive)}`);
      const name = slot.replace(/\\([\s\S])/g, '$1');
      return Object.hasOwn(meta, name) ? (meta[name] ?? '') : fail(`no such variable ${JSON.stringify(name)}`);
    },
  );
}

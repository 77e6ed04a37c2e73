import { h } from './dom.ts';

/** Longer texts are cut: nobody reads them, and the page would stand still. */
const MAX_LENGTH = 200_000;

/** Strings with what follows a key, and everything else that has a colour. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value as indented, coloured JSON. */
export function jsonView(value: unknown): HTMLElement {
  const text = JSON.stringify(value, undefined, 2) ?? 'undefined';
  const shown = text.slice(0, MAX_LENGTH);
  const code = h('code');
  let from = 0;
  for (const match of shown.matchAll(TOKENS)) {
    const [token, string, colon] = match;
    code.append(shown.slice(from, match.index));
    if (colon !== undefined) code.append(h('span', { class: 'key' }, string), colon);
    else code.append(h('span', { class: string === undefined ? 'literal' : 'string' }, token));
    from = match.index + token.length;
  }
  code.append(shown.slice(from), text.length > MAX_LENGTH ? `\n… and ${text.length - MAX_LENGTH} characters more` : '');
  // Scrolls by itself, so the keyboard must reach it.
  return h('pre', { class: 'json', tabindex: 0 }, code);
}

/** JSON where the text is JSON, else the text. */
export function textView(text: string): HTMLElement {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed) && trimmed.length <= MAX_LENGTH) {
    try {
      return jsonView(JSON.parse(trimmed));
    } catch {
      // Then it is text that begins like JSON.
    }
  }
  const more = text.length > MAX_LENGTH ? `\n… and ${text.length - MAX_LENGTH} characters more` : '';
  return h('pre', { class: 'text', tabindex: 0 }, text.slice(0, MAX_LENGTH) + more);
}

/** A Lua string. */
export function luaString(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/** A Lua table of strings, in order. */
export function luaList(texts: readonly string[]): string {
  return `{ ${texts.map(luaString).join(', ')} }`;
}

/** A Lua table in which each of the strings is a key. */
export function luaSet(texts: readonly string[]): string {
  return `{ ${texts.map((text) => `[${luaString(text)}] = true`).join(', ')} }`;
}

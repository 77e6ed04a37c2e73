/** Names of the types that a declaration file exports, without the names that also have a value. */
export function readTypeNames(declarations: string, values: readonly string[]): string[] {
  const names = new Set<string>();
  for (const match of declarations.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const part of (match[1] ?? '').split(',')) {
      const name = part
        .trim()
        .replace(/^type /, '')
        .split(/\s+as\s+/)
        .at(-1);
      if (name !== undefined && name !== '') names.add(name);
    }
  }
  for (const match of declarations.matchAll(/^export (?:declare )?(?:interface|type|class|function|const) (\w+)/gm)) {
    names.add(match[1] ?? '');
  }
  return [...names].filter((name) => !values.includes(name)).sort();
}

/** One import, re-export or `import()` found in a TypeScript file. */
export interface Import {
  specifier: string;
  /** `import type` and `export type`: gone at run time. */
  typeOnly: boolean;
  /** `import('x')`: loaded when the line runs, not with the module. */
  dynamic: boolean;
}

// The formatter puts every import and re-export at the start of a line, so a line anchor is enough and a parser is not needed.
const STATIC = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/g;

/** Reads the imports of one source text. Comments are ignored. */
export function parseImports(source: string): Import[] {
  const found: Import[] = [];
  const text = source.replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, '');
  for (const match of text.matchAll(STATIC)) {
    found.push({ specifier: match[2] ?? '', typeOnly: match[1] !== undefined, dynamic: false });
  }
  for (const match of text.matchAll(DYNAMIC)) {
    // `import('x').Name` in a type position also looks like a call; without `await` or `(` before it, it is taken for a type.
    const before = text.slice(0, match.index).trimEnd();
    const typeOnly = match[1] !== undefined || /[:<|&=]$/.test(before.replace(/=>$/, ''));
    found.push({ specifier: match[2] ?? '', typeOnly, dynamic: true });
  }
  return found;
}

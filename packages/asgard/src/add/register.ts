import type { Part } from './part.ts';

const CREATION = /^([ \t]*)(?:export )?(?:const|let) (\w+)\s*=\s*new OdinServer\(/m;

/**
 * The server's file with the part imported and registered right after the server is made. Undefined when the file makes no
 * server in a statement of its own.
 */
export function registerPart(source: string, { constant, sourceFile }: Part): string | undefined {
  const creation = CREATION.exec(source);
  if (creation === null) return undefined;
  const [opening, indent = '', variable] = creation;
  const end = findStatementEnd(source, creation.index + opening.length);
  if (end === undefined) return undefined;
  const registered = `${source.slice(0, end)}\n${indent}${variable}.register(${constant});${source.slice(end)}`;
  const path = sourceFile.replace(/^src\//, './');
  return insertImport(registered, `import { ${constant} } from '${path}';`);
}

/** Where the call that has just been opened is over, with its semicolon. Strings and comments may hold anything. */
function findStatementEnd(source: string, from: number): number | undefined {
  const tokens = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\/|[()]/g;
  tokens.lastIndex = from;
  let depth = 1;
  for (let token = tokens.exec(source); token !== null; token = tokens.exec(source)) {
    if (token[0] === '(') depth += 1;
    if (token[0] === ')') depth -= 1;
    if (depth > 0) continue;
    const rest = /^\s*;/.exec(source.slice(tokens.lastIndex));
    // Without a semicolon something may follow, such as a chained call.
    return rest === null ? undefined : tokens.lastIndex + rest[0].length;
  }
  return undefined;
}

function insertImport(source: string, line: string): string {
  const imports = [...source.matchAll(/^import\b[\s\S]*?(?:from )?['"][^'"\n]+['"];?$/gm)];
  const last = imports.at(-1);
  if (last === undefined) return `${line}\n\n${source}`;
  const end = last.index + last[0].length;
  return `${source.slice(0, end)}\n${line}${source.slice(end)}`;
}

import type { Part } from './part.ts';

const CREATION = /^([ \t]*)(?:export )?(?:const|let) (\w+)\s*=\s*new OdinServer\(/m;

/**
 * The server's file with the part imported and registered: behind what is registered right after the server is made. Undefined
 * when the file makes no server in a statement of its own.
 */
export function registerPart(source: string, { constant, sourceFile }: Part): string | undefined {
  const creation = CREATION.exec(source);
  if (creation === null) return undefined;
  const [opening, indent = '', variable = ''] = creation;
  const statement = findStatementEnd(source, creation.index + opening.length);
  if (statement === undefined) return undefined;
  const at = skipRegistrations(source, statement.end, variable);
  const line = `\n${indent}${variable}.register(${constant})${statement.semicolon}`;
  const path = sourceFile.replace(/^src\//, './');
  return insertImport(
    `${source.slice(0, at)}${line}${source.slice(at)}`,
    `import { ${constant} } from '${path}'${statement.semicolon}`,
  );
}

interface StatementEnd {
  readonly end: number;
  /** As the file has it. */
  readonly semicolon: ';' | '';
}

/** Where the call that has just been opened is over, and its statement with it. Strings and comments may hold anything. */
function findStatementEnd(source: string, from: number): StatementEnd | undefined {
  const tokens = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\/|[()]/g;
  tokens.lastIndex = from;
  let depth = 1;
  for (let token = tokens.exec(source); token !== null; token = tokens.exec(source)) {
    if (token[0] === '(') depth += 1;
    if (token[0] === ')') depth -= 1;
    if (depth > 0) continue;
    const end = tokens.lastIndex;
    const marked = /^\s*;/.exec(source.slice(end));
    if (marked !== null) return { end: end + marked[0].length, semicolon: ';' };
    // Without a semicolon something may go on in the next line, such as a chained call.
    return /^[ \t]*(?:\/\/.*)?\r?\n\s*(?:[\w}]|\/\/|$)/.test(source.slice(end)) ? { end, semicolon: '' } : undefined;
  }
  return undefined;
}

/** The end of the line, when there is nothing but a comment in it, and of the registrations in the lines that follow. */
function skipRegistrations(source: string, from: number, variable: string): number {
  const rest = /^[ \t]*(?:\/\/.*)?(?=\r?\n|$)/.exec(source.slice(from));
  if (rest === null) return from;
  const end = from + rest[0].length;
  const registrations = new RegExp(`^(?:\\r?\\n[ \\t]*${variable}\\.register\\(.*\\);?[ \\t]*(?=\\r?\\n|$))+`);
  return end + (registrations.exec(source.slice(end))?.[0].length ?? 0);
}

function insertImport(source: string, line: string): string {
  const imports = [...source.matchAll(/^import\b[\s\S]*?(?:from )?['"][^'"\n]+['"];?$/gm)];
  const last = imports.at(-1);
  if (last === undefined) return `${line}\n\n${source}`;
  const end = last.index + last[0].length;
  return `${source.slice(0, end)}\n${line}${source.slice(end)}`;
}

/** Longest allowed source file, in lines. */
export const maxLines = 300;

/** The default logger writes to standard error, and a file that must load in any runtime has no other way there. */
const mayUseConsole = new Set(['odin/src/observability/logger.ts']);

/** What breaks a house rule in one source file of a package; empty when nothing does. */
export function judgeSource(path: string, text: string): string[] {
  const wrong: string[] = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > maxLines) wrong.push(`${path} has ${lines} lines, the limit is ${maxLines}`);
  if (/(^|[/.-])(utils?|helpers?)([/.-]|$)/i.test(path)) wrong.push(`${path}: name the file after what is in it`);
  const code = text.replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*|\*.*)$/gm, '');
  if (/^export default\b/m.test(code) || /\bas default\b/.test(code)) wrong.push(`${path} has a default export`);
  if (/\bconsole\.[a-z]+\(/.test(code) && !mayUseConsole.has(path)) wrong.push(`${path} writes to the console`);
  if (/^(?:export )?(?:const )?enum\b/m.test(code)) wrong.push(`${path} has an enum`);
  if (/^(?:export )?(?:declare )?namespace\b/m.test(code)) wrong.push(`${path} has a namespace`);
  if (!path.endsWith('/index.ts') && /^export \*/m.test(code)) wrong.push(`${path} is an inner barrel`);
  return wrong;
}

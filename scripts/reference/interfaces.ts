/** One member of an interface, as its table shows it. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly text: string;
  readonly fallback: string | undefined;
}

export interface DocumentedInterface {
  readonly name: string;
  readonly text: string;
  readonly members: readonly Member[];
}

const MEMBER = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {2}readonly (\w+)(\??): ((?:[^;{]|\{[^}]*\})+);/gm;

/**
 * Reads an exported interface from its source: names, types and JSDoc. It knows the form in which this repository is
 * formatted, no more: two spaces, `readonly`, one member a statement.
 *
 * @throws Error when there is no such interface
 */
export function readInterface(source: string, name: string): DocumentedInterface {
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*)?^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`,
    'm',
  ).exec(source);
  if (!found) throw new Error(`no exported interface ${name}`);
  const [, doc = '', body = ''] = found;
  const members = [...body.matchAll(MEMBER)].map(([, memberDoc = '', member = '', optional, type = '']) => {
    const { text, fallback } = readDoc(memberDoc);
    return { name: member, type: type.replace(/\s+/g, ' ').trim(), required: optional !== '?', text, fallback };
  });
  return { name, text: readDoc(doc).text, members };
}

function readDoc(doc: string): { text: string; fallback: string | undefined } {
  const plain = doc
    .replace(/^\s*\*? ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  const [text = '', ...tags] = plain.split(/\s(?=@\w)|^(?=@\w)/);
  const fallback = [text, ...tags].find((part) => part.startsWith('@default '))?.slice('@default '.length);
  return { text: text.startsWith('@') ? '' : text.replace(/\{@link (\w+)\}/g, '`$1`').trim(), fallback };
}

/** The interface as a section of Markdown. */
export function formatInterface({ name, text, members }: DocumentedInterface): string {
  const rows = members.map(({ name: member, type, required, text: about, fallback }) =>
    row([`\`${member}\``, `\`${type}\``, required ? 'required' : (fallback ?? 'none'), about]),
  );
  return [
    `## ${name}`,
    '',
    ...(text === '' ? [] : [text, '']),
    row(['option', 'type', 'default', 'meaning']),
    row(['---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Sections of an INI file, each with its settings in order. */
export type Ini = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Writes `[section]` and `name=value` lines. */
export function formatIni(ini: Ini): string {
  return Object.entries(ini)
    .map(([section, values]) => {
      const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
      return `[${section}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** Reads what Pushpin reads: sections, `name=value`, whole lines of comment. Of a name that comes twice, the last counts. */
export function parseIni(text: string): Ini {
  const ini: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const name = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = ini[name] ?? {};
      ini[name] = section;
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0) section[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return ini;
}

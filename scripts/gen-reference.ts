import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../packages/asgard/src/command-tree.ts';
import { formatCommands } from './reference/commands.ts';
import { type DocumentedInterface, formatInterface, readInterface } from './reference/interfaces.ts';
import { formatLimits, LIMITS } from './reference/limits.ts';
import { REFERENCE_PAGES } from './reference/pages.ts';

const root = new URL('../', import.meta.url);

/** Every generated page, by its path below the root. */
export function generatePages(): Map<string, string> {
  const pages = new Map(
    REFERENCE_PAGES.map(({ path, title, intro, interfaces }) => {
      const tables = interfaces.map(({ file, name }) => formatInterface(readFrom(file, name)));
      return [
        path,
        [
          `# ${title}`,
          '',
          '<!-- Made from the types by `npm run reference`. Do not edit. -->',
          '',
          intro,
          '',
          ...tables,
        ].join('\n'),
      ];
    }),
  );
  pages.set('docs/reference/limits.md', formatLimits(LIMITS, readFrom));
  return pages.set('docs/reference/cli.md', formatCommands(COMMANDS));
}

function readFrom(file: string, name: string): DocumentedInterface {
  return readInterface(readFileSync(new URL(file, root), 'utf8'), name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generatePages()) writeFileSync(new URL(path, root), text);
}

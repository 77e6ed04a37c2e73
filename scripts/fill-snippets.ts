/** Writes the content of docs/examples into the marked code blocks of every Markdown file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillSnippets } from '../tests/architecture/snippets.ts';
import { listTracked, read, root } from '../tests/architecture/workspace.ts';

for (const path of listTracked().filter((file) => file.endsWith('.md') && !file.startsWith('templates/'))) {
  const before = read(path);
  const after = fillSnippets(before, read);
  if (after === before) continue;
  writeFileSync(join(root, path), after);
  console.log(path);
}

/** Marks the code block below it as a copy of a file: `<!-- example: docs/examples/server.ts -->`. */
const MARK = /<!-- example: (\S+) -->\n```[a-z]*\n([\s\S]*?)```/g;

/** Examples that a Markdown text shows, with the code it has for each. */
export function listSnippets(markdown: string): { file: string; code: string }[] {
  return [...markdown.matchAll(MARK)].map((match) => ({ file: match[1] ?? '', code: match[2] ?? '' }));
}

/** The same text with every marked block replaced by the content of its file. */
export function fillSnippets(markdown: string, readExample: (file: string) => string): string {
  return markdown.replace(MARK, (block, file: string, code: string) => {
    const head = block.slice(0, block.length - code.length - '```'.length);
    return `${head}${readExample(file)}\`\`\``;
  });
}

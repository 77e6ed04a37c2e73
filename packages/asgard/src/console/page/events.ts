/** Takes an event stream apart as it comes: gives the JSON of each whole event and keeps the rest for later. */
export function createEventParser(): (chunk: string) => readonly unknown[] {
  let rest = '';
  return (chunk) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => (block.startsWith('data: ') ? [JSON.parse(block.slice(6))] : []));
  };
}

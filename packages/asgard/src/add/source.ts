import type { Part } from './part.ts';

/** The TypeScript of a new part: small, complete, and typed from its schema. */
export function formatPart({ kind, name, constant }: Part): string {
  switch (kind) {
    case 'tool':
      return `${importing('defineTool', '@asgard/odin')}
import * as z from 'zod';

const Input = z.object({ text: z.string().min(1).describe('What to work on') });

export const ${constant} = defineTool(
  { name: '${name}', description: 'Tell the model what ${name} does and when to use it', input: Input },
  ({ text }) => text,
);
`;
    case 'resource':
      return `${importing('defineResource', '@asgard/odin')}

// After a change: await odin.notify.resourceUpdated('${name}://the-id')
export const ${constant} = defineResource(
  '${name}://{id}',
  { name: '${name}', description: 'Tell what is in it', mimeType: 'application/json' },
  ({ id }) => ({ id }),
);
`;
    case 'prompt':
      return `${importing('definePrompt', '@asgard/odin')}
import * as z from 'zod';

const Arguments = z.object({ topic: z.string().min(1) });

export const ${constant} = definePrompt(
  { name: '${name}', description: 'Tell the user what it asks for', args: Arguments },
  ({ topic }) => \`Help me with \${topic}.\`,
);
`;
  }
}

/** Its test: through the whole protocol, in memory. */
export function formatPartTest(part: Part): string {
  const { constant, sourceFile } = part;
  return `${importing('OdinServer', '@asgard/odin')}
${importing('createTestClient', '@asgard/odin/testing')}
${importing('expect, test', 'vitest')}
${importing(constant, `../../${sourceFile}`)}

const client = createTestClient(new OdinServer({ name: 'test', version: '0.0.0' }).register(${constant}));

${formatExpectation(part)}`;
}

function formatExpectation({ kind, name }: Part): string {
  switch (kind) {
    case 'tool':
      return `test('${name} answers', async () => {
  expect(await client.callTool('${name}', { text: 'hello' })).toMatchObject({ content: [{ text: 'hello' }] });
});

test('${name} refuses arguments that do not fit', async () => {
  expect(await client.callTool('${name}', { text: '' })).toMatchObject({ isError: true });
});
`;
    case 'resource':
      return `test('${name} can be read', async () => {
  expect(await client.readResource('${name}://7')).toMatchObject({ contents: [{ text: '{"id":"7"}' }] });
});
`;
    case 'prompt':
      return `test('${name} speaks of its topic', async () => {
  expect(await client.getPrompt('${name}', { topic: 'tea' })).toMatchObject({
    messages: [{ content: { text: 'Help me with tea.' } }],
  });
});
`;
  }
}

function importing(names: string, from: string): string {
  return `import { ${names} } from '${from}';`;
}

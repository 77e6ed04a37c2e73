import { expect, test } from 'vitest';
import { parsePart } from '../../src/add/part.ts';
import { registerPart } from '../../src/add/register.ts';

const part = parsePart('tool', 'forge-axe');

test('imports after the last import and registers behind what is registered where the server is made', () => {
  const source = `import { OdinServer, type OdinServerOptions } from '@asgard/odin';
import {
  Workshop,
} from './workshop.ts';

export function createServer(options: Partial<OdinServerOptions> = {}): OdinServer {
  // a ) in a comment
  const odin = new OdinServer({ name: 'a ) in a name', version: read('1'), ...options }); // made
  odin.register(new Workshop());
  return odin;
}
`;
  expect(registerPart(source, part)).toBe(`import { OdinServer, type OdinServerOptions } from '@asgard/odin';
import {
  Workshop,
} from './workshop.ts';
import { forgeAxeTool } from './tools/forge-axe.ts';

export function createServer(options: Partial<OdinServerOptions> = {}): OdinServer {
  // a ) in a comment
  const odin = new OdinServer({ name: 'a ) in a name', version: read('1'), ...options }); // made
  odin.register(new Workshop());
  odin.register(forgeAxeTool);
  return odin;
}
`);
});

test.each([
  [
    'where nothing follows',
    'const odin = new OdinServer({});',
    'const odin = new OdinServer({});\nodin.register(forgeAxeTool);',
  ],
  [
    'where more follows on the line',
    'const odin = new OdinServer({}); await listen(odin);\n',
    'const odin = new OdinServer({});\nodin.register(forgeAxeTool); await listen(odin);\n',
  ],
  [
    'without semicolons, as the file is',
    'const odin = new OdinServer({}) // made\n\nawait listen(odin)\n',
    'const odin = new OdinServer({}) // made\nodin.register(forgeAxeTool)\n\nawait listen(odin)\n',
  ],
])('registers %s', (_, source, expected) => {
  expect(registerPart(source, part)?.split('\n').slice(2).join('\n')).toBe(expected);
});

test.each([
  ['no server', "import { listen } from '@asgard/odin/node';\n"],
  ['a server that is not kept', 'await listen(new OdinServer({ name: "x" }));\n'],
  ['a chained call', 'const odin = new OdinServer({ name: "x" })\n  .register(new Workshop());\n'],
])('%s is left alone', (_, source) => {
  expect(registerPart(source, part)).toBeUndefined();
});

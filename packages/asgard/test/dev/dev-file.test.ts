import { expect, test } from 'vitest';
import { type DevFile, formatDevFile, parseDevFile } from '../../src/dev/dev-file.ts';
import { USERS } from '../memory-io.ts';

const file: DevFile = {
  pid: 1,
  url: 'http://localhost:7999',
  mcpUrl: 'http://localhost:7999/mcp',
  issuer: 'http://localhost:7999/i',
  serverUrl: 'http://127.0.0.1:1/mcp',
  users: USERS,
};

test('parse undoes format', () => {
  expect(parseDevFile(formatDevFile(file))).toEqual(file);
});

test.each(['', '{', 'null', '[]', '{"pid":1}', JSON.stringify({ ...file, users: 'x' })])('%j is none', (text) => {
  expect(parseDevFile(text)).toBeUndefined();
});

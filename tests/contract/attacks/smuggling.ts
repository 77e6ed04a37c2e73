import { expect, test } from 'vitest';
import { expectNothingLeaked } from './attack.ts';
import { callTool } from './messages.ts';
import type { Target } from './target.ts';

const call = callTool('treasure');
const length = Buffer.byteLength(call.body);

function head(lines: readonly string[], skip: readonly string[] = []): string {
  const known = Object.entries(call.headers)
    .filter(([name]) => !skip.includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  return `POST /mcp HTTP/1.1\r\n${[...known, ...lines].join('\r\n')}\r\n\r\n`;
}

const whole = (lines: readonly string[], skip?: readonly string[]): string =>
  `${head([...lines, `content-length: ${length}`], skip)}${call.body}`;

type Smuggling = readonly [name: string, make: (good: string) => string, statuses: readonly number[]];

/** A request hidden in another one's body: only a server that reads lengths in two ways ever sees it. */
const hidden = (good: string): string => whole([`authorization: Bearer ${good}`]);

/** Bytes that no client library would send. Each names the answers that the connection may give, in order. */
const smugglings: readonly Smuggling[] = [
  [
    'a bad token, then a good one',
    (good) => whole(['authorization: Bearer bad', `authorization: Bearer ${good}`]),
    [401],
  ],
  [
    'a good token, then a bad one',
    (good) => whole([`authorization: Bearer ${good}`, 'authorization: Bearer bad']),
    [401],
  ],
  [
    'the same good token twice',
    (good) => whole([`authorization: Bearer ${good}`, `Authorization: Bearer ${good}`]),
    [401],
  ],
  [
    'an empty Authorization before a good one',
    (good) => whole(['authorization:', `authorization: Bearer ${good}`]),
    [401],
  ],
  ['a space before the colon', (good) => whole([`authorization : Bearer ${good}`]), [400]],
  ['a folded header', (good) => whole(['authorization: Bearer', ` ${good}`]), [400]],
  ['a bare line feed before the header', (good) => whole([`x: y\nauthorization: Bearer ${good}`]), [400]],
  ['a bare carriage return in the header', (good) => whole([`x: y\rauthorization: Bearer ${good}`]), [400]],
  ['a null byte in the token', (good) => whole([`authorization: Bearer ${good}\0`]), [400]],
  ['no Host', (good) => whole([`authorization: Bearer ${good}`], ['host']), [400]],
  ['two Hosts, the good one first', (good) => whole(['host: evil.example', `authorization: Bearer ${good}`]), [400]],
  [
    'two Hosts, the good one last',
    (good) => whole(['host: evil.example', 'host: localhost', `authorization: Bearer ${good}`], ['host']),
    [400],
  ],
  [
    'two lengths',
    (good) =>
      `${head([`authorization: Bearer ${good}`, 'content-length: 5', `content-length: ${length}`])}${call.body}`,
    [400],
  ],
  [
    'a length and chunks',
    (good) => `${head(['content-length: 4', 'transfer-encoding: chunked'])}0\r\n\r\n${hidden(good)}`,
    [400],
  ],
  [
    'chunks under an unknown coding',
    (good) => `${head(['transfer-encoding: xchunked', 'content-length: 4'])}${hidden(good)}`,
    [400],
  ],
  [
    'a negative length',
    (good) => `${head([`authorization: Bearer ${good}`, 'content-length: -1'])}${call.body}`,
    [400],
  ],
  [
    'a token in the trailers',
    (good) =>
      `${head(['transfer-encoding: chunked', 'trailer: authorization'])}${length.toString(16)}\r\n${call.body}\r\n0\r\nauthorization: Bearer ${good}\r\n\r\n`,
    [401],
  ],
  [
    'the target in absolute form, of another host',
    (good) => whole([`authorization: Bearer ${good}`]).replace('POST /mcp', 'POST http://evil.example/mcp'),
    [404],
  ],
  [
    'the path with dots',
    (good) => whole([`authorization: Bearer ${good}`]).replace('POST /mcp', 'POST /.odin/../mcp'),
    [404],
  ],
  ['the path encoded', (good) => whole([`authorization: Bearer ${good}`]).replace('POST /mcp', 'POST /%6dcp'), [404]],
  ['the path doubled', (good) => whole([`authorization: Bearer ${good}`]).replace('POST /mcp', 'POST //mcp'), [404]],
];

export function testSmuggling(target: () => Target): void {
  test.each(smugglings)('%s', async (_name, make, statuses) => {
    const before = target().ran.length;
    const good = await target().issuer.token();
    const seen = await target().sendRaw(make(good));
    expect(seen.map(({ status }) => status)).toEqual(statuses);
    for (const each of seen) expectNothingLeaked(each);
    expect(target().ran.slice(before)).toEqual([]);
  });
}

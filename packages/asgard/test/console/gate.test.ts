import { expect, test } from 'vitest';
import { judgeCall, judgePage, type Visitor } from '../../src/console/gate.ts';

const gate = { port: 8999, token: 'secret' };
const own: Visitor = { host: '127.0.0.1:8999', origin: undefined, site: 'same-origin', token: 'secret' };

test.each([
  ['the page itself', own, undefined],
  ['by name', { ...own, host: 'localhost:8999', origin: 'http://localhost:8999' }, undefined],
  ['a program without Sec-Fetch-Site', { ...own, site: undefined }, undefined],
  ['a rebound name', { ...own, host: 'evil.example:8999' }, 'host'],
  ['another port', { ...own, host: '127.0.0.1:80' }, 'host'],
  ['no host', { ...own, host: undefined }, 'host'],
  ['another site', { ...own, origin: 'https://evil.example' }, 'origin'],
  ['another port of this machine', { ...own, origin: 'http://127.0.0.1:3000' }, 'origin'],
  ['our other name', { ...own, origin: 'http://localhost:8999' }, 'origin'],
  ['an opaque origin', { ...own, origin: 'null' }, 'origin'],
  ['a cross-site request without an origin', { ...own, site: 'cross-site' }, 'origin'],
  ['a request of another port', { ...own, site: 'same-site' }, 'origin'],
  ['no token', { ...own, token: undefined }, 'stale'],
  ['the token of an earlier start', { ...own, token: 'secrets' }, 'stale'],
  ['an empty token', { ...own, token: '' }, 'stale'],
] satisfies [string, Visitor, string | undefined][])('a call from %s', (_, visitor, denial) => {
  expect(judgeCall(gate, visitor)).toBe(denial);
});

test('the page opens under its own names only', () => {
  expect(judgePage(gate, { host: 'localhost:8999' })).toBeUndefined();
  for (const host of ['localhost', 'localhost:8999.evil.example', 'evil.example:8999', undefined]) {
    expect(judgePage(gate, { host })).toBe('host');
  }
});

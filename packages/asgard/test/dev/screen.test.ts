import { expect, test } from 'vitest';
import { formatBanner, formatDevEvent, formatExchange, formatRefusal } from '../../src/dev/screen.ts';
import { createPaint } from '../../src/paint.ts';
import { STACK } from '../memory-io.ts';

const plain = createPaint(false);
const at = new Date(2026, 0, 2, 13, 4, 5);
const place = { at, paint: plain };

test('the banner fits one screen and has everything to connect with', () => {
  const banner = formatBanner({ version: '0.1.0', name: 'forge', stack: STACK }, plain);
  expect(banner.split('\n').length).toBeLessThan(20);
  for (const text of [
    STACK.mcpUrl,
    STACK.issuer,
    'freya / cats (vanir)',
    'claude mcp add',
    'npx asgard inspect',
    'asgard call',
  ]) {
    expect(banner).toContain(text);
  }
  expect(banner).not.toContain('\x1b');
});

test('the banner names all organizations of a user', () => {
  const baldur = { username: 'baldur', password: 'light', organization: 'aesir', otherOrganizations: ['vanir'] };
  const stack = { ...STACK, users: [baldur] };
  expect(formatBanner({ version: '0.1.0', name: 'forge', stack }, plain)).toContain('baldur / light (aesir, vanir)');
});

test('no line of the banner is too long for a narrow terminal, but for the command to be pasted', () => {
  const lines = formatBanner(
    { version: '0.1.0', name: 'forge', stack: STACK, consoleUrl: 'http://127.0.0.1:8999/' },
    plain,
  );
  const long = lines.split('\n').filter((line) => line.length > 64);
  expect(long).toEqual([expect.stringContaining('claude mcp add')]);
});

test('a port that was not free is said', () => {
  const facts = { version: '0.1.0', name: 'forge', stack: STACK };
  expect(formatBanner({ ...facts, wantedPort: 7998 }, plain)).toContain('Port 7998 is taken, so this is on 7999.');
  for (const wantedPort of [7999, 0]) expect(formatBanner({ ...facts, wantedPort }, plain)).not.toContain('taken');
});

test('one line for one request', () => {
  const exchange = { method: 'tools/call', target: 'forge', status: 200, durationMs: 1532.4, reply: 'held' } as const;
  expect(formatExchange({ ...exchange, subject: 'u1' }, place)).toBe(
    '13:04:05  tools/call forge                  200  held    1532 ms  u1\n',
  );
  expect(formatExchange({ ...exchange, status: 400, errorCode: -32600 }, place)).toMatch(/400 .* - {2}error -32600\n$/);
  expect(formatExchange({ ...exchange, toolError: true }, place)).toMatch(/tool error\n$/);
  expect(formatExchange({ ...exchange, status: 499 }, place)).toMatch(/client left\n$/);
});

test('that line fits a narrow terminal', () => {
  const exchange = { method: 'tools/call', target: 'forge', status: 200, durationMs: 1532.4, reply: 'held' } as const;
  const line = formatExchange({ ...exchange, username: 'freya' }, { ...place, columns: 60 });
  expect(line).toBe('13:04:05  tools/call forge      200  held    1532 ms  freya\n');
  expect(line.length).toBeLessThanOrEqual(61);
});

test('colours only where they are wanted', () => {
  const line = formatExchange(
    { method: 'm', status: 500, durationMs: 1, reply: 'json' },
    { at, paint: createPaint(true) },
  );
  expect(line).toContain('\x1b[31m500\x1b[39m');
});

test('events in words', () => {
  expect(formatDevEvent({ kind: 'listening', durationMs: 210, restart: true }, plain)).toBe('Reloaded in 0.21 s\n');
  expect(formatDevEvent({ kind: 'listening', durationMs: 210, restart: false }, plain)).toMatch(
    /^Ready in 0\.21 s\..* Ctrl-C /,
  );
  expect(formatDevEvent({ kind: 'crashed', exitCode: null }, plain)).toContain('(killed)');
  expect(formatDevEvent({ kind: 'build-failed', message: 'a.ts:1:17' }, plain)).toContain('a.ts:1:17');
  expect(formatDevEvent({ kind: 'silent', port: 5 }, plain)).toContain('does not listen on port 5');
});

test('a line for a request that was turned away', () => {
  const refusal = { method: 'POST', path: '/mcp', durationMs: 2 };
  expect(formatRefusal({ ...refusal, status: 401 }, place)).toBe(
    '13:04:05  POST /mcp                         401           2.0 ms  -  no valid token\n',
  );
  expect(formatRefusal({ ...refusal, status: 502 }, place)).toMatch(/502 .*the server does not answer\n$/);
});

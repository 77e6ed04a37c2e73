import { expect, test } from 'vitest';
import type { McpClientOptions } from '../../src/console/mcp-client.ts';
import { createUsers } from '../../src/console/users.ts';
import { USERS } from '../memory-io.ts';
import { createFakeClient } from './fake-client.ts';

function start(signIn: (name: string) => Promise<string>) {
  const made: McpClientOptions[] = [];
  const time = { now: 0 };
  const users = createUsers({
    ...{ users: USERS, mcpUrl: 'http://localhost:7999/mcp', version: '1', now: () => time.now },
    signIn: ({ username }) => signIn(username),
    createClient: (options) => {
      made.push(options);
      return createFakeClient();
    },
  });
  return { users, made, time };
}

function tokenUntil(exp: number): string {
  return `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;
}

test('each user has one client; others have none', () => {
  const { users, made } = start(async () => 'token');
  expect(users.clientOf('freya')).toBe(users.clientOf('freya'));
  expect(users.clientOf('thor')).not.toBe(users.clientOf('freya'));
  expect(users.clientOf('odin')).toBeUndefined();
  expect(made).toHaveLength(2);
});

test('a token is used until it is about to expire, and no longer when it was refused', async () => {
  let signIns = 0;
  const { users, made, time } = start(async (name) => {
    signIns += 1;
    return `${tokenUntil(100)}${name}${signIns}`;
  });
  users.clientOf('thor');
  const token = made[0]?.token ?? (async () => '');
  const [one, same] = await Promise.all([token(false), token(false)]);
  expect(one).toBe(same);
  expect(one).toContain('thor1');
  expect(await token(true)).toContain('thor2');
  time.now = 69_000;
  expect(await token(false)).toContain('thor2');
  time.now = 71_000;
  expect(await token(false)).toContain('thor3');
});

test('a sign-in that failed is tried again', async () => {
  let attempts = 0;
  const { users, made } = start(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('not yet');
    return 'opaque';
  });
  users.clientOf('freya');
  const token = made[0]?.token ?? (async () => '');
  await expect(token(false)).rejects.toThrow('not yet');
  expect(await token(false)).toBe('opaque');
  expect(await token(false)).toBe('opaque');
  expect(attempts).toBe(2);
});

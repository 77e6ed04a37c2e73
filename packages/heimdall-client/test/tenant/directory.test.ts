import { expect, test } from 'vitest';
import { createTenantDirectory, type Tenant } from '../../src/tenant/directory.ts';
import { createClock } from '../support/issuer.ts';

const acme: Tenant = {
  ...{ host: 'mcp.acme.example', issuer: 'https://id.example', resource: 'https://mcp.acme.example/mcp' },
  organization: 'acme',
};

function setup(tenants: Map<string, Tenant> = new Map([[acme.host, acme]])) {
  const clock = createClock();
  const asked: string[] = [];
  const state = { down: false };
  const directory = createTenantDirectory({
    now: clock.now,
    maxEntries: 3,
    tenants: async (host) => {
      asked.push(host);
      if (state.down) throw new Error('no database');
      return tenants.get(host);
    },
  });
  return { directory, asked, clock, tenants, state };
}

test('a list: finds a host however it is written, and no other', async () => {
  const directory = createTenantDirectory({ tenants: [{ ...acme, host: 'MCP.acme.example' }] });
  expect(await directory.resolve('mcp.ACME.example:443')).toEqual(acme);
  expect(await directory.resolve('evil.example')).toBeUndefined();
  expect(await directory.resolve('mcp.acme.example, evil.example')).toBeUndefined();
});

test('asks once for many requests, then knows without asking, for a minute', async () => {
  const { directory, asked, clock } = setup();
  expect(directory.peek(acme.host)).toBeUndefined();
  const tenants = await Promise.all([directory.resolve(acme.host), directory.resolve(acme.host)]);
  expect(tenants).toEqual([acme, acme]);
  expect(Object.isFrozen(tenants[0])).toBe(true);
  expect(directory.peek('MCP.ACME.EXAMPLE')).toEqual(acme);
  clock.pass(60);
  expect(directory.peek(acme.host)).toBeUndefined();
  await directory.resolve(acme.host);
  expect(asked).toEqual([acme.host, acme.host]);
});

test('an unknown host stays unknown for a moment, and can then become known', async () => {
  const { directory, asked, clock, tenants } = setup(new Map());
  expect(await directory.resolve(acme.host)).toBeUndefined();
  tenants.set(acme.host, acme);
  expect(directory.peek(acme.host)).toBeNull();
  expect(await directory.resolve(acme.host)).toBeUndefined();
  expect(asked).toHaveLength(1);
  clock.pass(5);
  expect(await directory.resolve(acme.host)).toEqual(acme);
  expect(directory.peek(acme.host)).toEqual(acme);
});

test('made-up hosts displace nobody, and what is no host is not asked about', async () => {
  const { directory, asked } = setup();
  await directory.resolve(acme.host);
  for (let n = 0; n < 100; n += 1) await directory.resolve(`h${n}.example`);
  expect(directory.peek(acme.host)).toEqual(acme);
  expect(directory.peek('a b')).toBeNull();
  await directory.resolve('a b');
  expect(asked).toHaveLength(101);
});

test('forgets on demand, also what is being asked', async () => {
  const { directory, asked } = setup();
  await directory.resolve(acme.host);
  directory.forget(acme.host);
  expect(directory.peek(acme.host)).toBeUndefined();
  const first = directory.resolve(acme.host);
  directory.forget();
  expect(await first).toEqual(acme);
  expect(directory.peek(acme.host)).toBeUndefined();
  await directory.resolve(acme.host);
  expect(asked).toHaveLength(3);
});

test('a failure is no answer, and is not remembered', async () => {
  const { directory, state } = setup();
  state.down = true;
  await expect(directory.resolve(acme.host)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
  state.down = false;
  expect(await directory.resolve(acme.host)).toEqual(acme);
});

test('a tenant that is found for another host is not taken', async () => {
  const { directory } = setup(new Map([['evil.example', acme]]));
  await expect(directory.resolve('evil.example')).rejects.toMatchObject({ code: 'unavailable' });
  expect(directory.peek('evil.example')).toBeUndefined();
});

test.each([
  ['a host twice', [acme, { ...acme, host: 'MCP.ACME.EXAMPLE:80' }]],
  ['a host that is none', [{ ...acme, host: 'https://acme.example' }]],
])('refuses %s', (_name, tenants) => {
  expect(() => createTenantDirectory({ tenants })).toThrow(expect.objectContaining({ code: 'bad_option' }));
});

test('tells who keeps something for a tenant that it was forgotten', () => {
  const { directory } = setup();
  const heard: (string | undefined)[] = [];
  const stop = directory.onForget?.((host) => heard.push(host));
  directory.forget('MCP.acme.example.');
  directory.forget();
  directory.forget('no host');
  stop?.();
  directory.forget(acme.host);
  expect(heard).toEqual([acme.host, undefined]);
});

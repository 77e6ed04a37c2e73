import type { Tenant } from '@asgard/heimdall-client';
import { expect, test } from 'vitest';
import { resolveAuth } from '../../src/auth/resolve.ts';
import type { Site } from '../../src/auth/site.ts';
import { TenantSites } from '../../src/auth/tenant-sites.ts';

const tenantOf = (name: string, over: Partial<Tenant> = {}): Tenant => ({
  ...{ host: `${name}.example`, issuer: 'https://id.example', resource: `https://${name}.example/mcp`, ...over },
});
const acme = tenantOf('acme');

/** A place for two sites, whose making can be made to fail. */
function setup() {
  const made: string[] = [];
  const closed: string[] = [];
  const logged: object[] = [];
  const state = { failing: false };
  const make = async (tenant: Tenant): Promise<Site> => {
    made.push(tenant.host);
    await Promise.resolve();
    if (state.failing) throw new Error('the secret of the client is hunter2');
    const verifier = { peek: () => undefined, verify: () => Promise.reject(), close: () => closed.push(tenant.host) };
    const revocations = { publish: async () => {}, subscribe: () => () => {} };
    const place = { url: new URL(tenant.resource), revocations, replays: undefined };
    const auth = resolveAuth({ issuer: tenant.issuer, verifier }, place);
    return { auth, tenant: { host: tenant.host }, name: tenant.host };
  };
  const log = (fields: object): void => void logged.push(fields);
  const sites = new TenantSites({ make, logger: { error: log, warn: log }, maxEntries: 2 });
  return { sites, made, closed, logged, state };
}

test('makes a site once for all who ask, also when the directory says the same again', async () => {
  const { sites, made, closed } = setup();
  const found = await Promise.all([sites.of(acme), sites.of(acme), sites.of({ ...acme })]);
  expect(new Set([...found, await sites.of(acme)]).size).toBe(1);
  expect([made, closed]).toEqual([['acme.example'], []]);
});

test('makes it anew when the tenant is another, and lets go of the old one', async () => {
  const { sites, made, closed } = setup();
  const before = await sites.of(acme);
  expect(await sites.of({ ...acme, organization: 'acme' })).not.toBe(before);
  expect([made, closed]).toEqual([['acme.example', 'acme.example'], ['acme.example']]);
});

test('makes it anew after it was let go, alone or with all others', async () => {
  const { sites, made, closed } = setup();
  const [globex] = [tenantOf('globex')];
  await Promise.all([sites.of(acme), sites.of(globex)]);
  sites.drop(acme.host);
  sites.drop('unknown.example');
  await sites.of(acme);
  expect([made.length, closed]).toEqual([3, [acme.host]]);
  sites.drop();
  await Promise.all([sites.of(acme), sites.of(globex)]);
  expect([made.length, closed.toSorted()]).toEqual([5, [acme.host, acme.host, globex.host]]);
});

test('one that is let go while it is made serves those who waited, and nobody after them', async () => {
  const { sites, made, closed } = setup();
  const waiting = sites.of(acme);
  sites.drop(acme.host);
  await expect(waiting).resolves.toBeDefined();
  expect(await sites.of(acme)).not.toBe(await waiting);
  expect([made.length, closed]).toEqual([2, [acme.host]]);
});

test('keeps no more than it may', async () => {
  const { sites, made, closed } = setup();
  for (const name of ['acme', 'globex', 'initech']) await sites.of(tenantOf(name));
  await Promise.resolve();
  expect(closed).toEqual(['acme.example']);
  await sites.of(acme);
  expect(made).toHaveLength(4);
});

test('what cannot be made is unavailable, is told with its tenant, and is tried again', async () => {
  const { sites, made, closed, logged, state } = setup();
  state.failing = true;
  const outcomes = await Promise.allSettled([sites.of(acme), sites.of(acme)]);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', retryAfterSeconds: 1 } });
    expect(String((outcome as PromiseRejectedResult).reason)).not.toContain('hunter2');
  }
  expect(logged).toEqual([{ tenant: acme.host, error: expect.any(Error) }]);
  state.failing = false;
  await expect(sites.of(acme)).resolves.toBeDefined();
  expect([made.length, closed]).toEqual([2, []]);
});

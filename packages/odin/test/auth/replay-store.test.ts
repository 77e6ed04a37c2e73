import type { ReplayStore } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthOptions } from '../../src/auth/options.ts';
import { createReplayStore } from '../../src/auth/replay-store.ts';
import { createMemoryCluster } from '../../src/cluster/cluster.ts';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';
import { OdinError } from '../../src/errors.ts';
import { createFixture, modernRequest, type Recorded } from '../fixture.ts';
import { createHolder, startIssuer, type TestIssuer } from './issuing.ts';

const MAIN = 'http://localhost/mcp';
const ACME = 'http://acme.example/mcp';
const holder = await createHolder();

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.close());

describe('createReplayStore', () => {
  it('remembers an id once, for its time', async () => {
    let now = 0;
    const state = new MemoryStateStore({ now: () => now });
    const [here, there] = [createReplayStore(state), createReplayStore(state)];
    expect([await here.remember('a', 100), await there.remember('a', 100)]).toEqual([true, false]);
    now = 100;
    expect(await there.remember('a', 100)).toBe(true);
  });
});

/** Two replicas, with the verifiers that Odin makes by itself. */
function serveTwice(dpop: NonNullable<AuthOptions['dpop']> = {}) {
  const cluster = createMemoryCluster();
  const replica = (): Recorded =>
    createFixture({
      ...{ url: MAIN, cluster, secrets: ['a secret of at least 32 characters'] },
      auth: { issuer: issuer.url, dpop, tenants: [{ host: 'acme.example', issuer: issuer.url, resource: ACME }] },
    });
  const replicas = [replica(), replica()] as const;
  const call = async (at: 0 | 1, headers: Record<string, string>, url: string): Promise<Response> =>
    replicas[at].odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, { url, headers }));
  return { cluster, call, ran: () => replicas.map(({ ran }) => ran.length) };
}

const proven = async (url: string): Promise<Record<string, string>> =>
  holder.prove(await issuer.sign(url, { cnf: holder.cnf }), url);

describe('replicas of one cluster', () => {
  it.each([MAIN, ACME])('take a proof for %s once among them', async (url) => {
    const { call, ran } = serveTwice();
    const headers = await proven(url);
    expect((await call(0, headers, url)).status).toBe(200);
    for (const at of [1, 0] as const) {
      const again = await call(at, headers, url);
      expect([again.status, again.headers.get('www-authenticate')]).toEqual([
        ...[401, expect.stringContaining('error="invalid_dpop_proof"')],
      ]);
    }
    expect((await call(1, await proven(url), url)).status).toBe(200);
    expect(ran()).toEqual([1, 1]);
  });

  it('let one of two through that come at the same time', async () => {
    const { call, ran } = serveTwice();
    const headers = await proven(MAIN);
    const answers = await Promise.all([call(0, headers, MAIN), call(1, headers, MAIN)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(ran().toSorted()).toEqual([0, 1]);
  });

  it('take no proof while the store is away, and say when to come again', async () => {
    const { cluster, call, ran } = serveTwice();
    cluster.state.set = () => Promise.reject(new OdinError('cluster_unreachable', 'at redis.internal:6379'));
    for (const url of [MAIN, ACME]) {
      const answer = await call(0, await proven(url), url);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await answer.text()).not.toContain('redis');
    }
    expect(ran()).toEqual([0, 0]);
  });

  it('need no store for a token that is not bound', async () => {
    const { cluster, call } = serveTwice();
    cluster.state.set = () => Promise.reject(new Error('away'));
    const authorization = `Bearer ${await issuer.sign(MAIN)}`;
    expect((await call(0, { authorization }, MAIN)).status).toBe(200);
  });

  it('keep to a memory of the caller’s own', async () => {
    const asked: string[] = [];
    const replays: ReplayStore = { remember: (id) => asked.push(id) > 0 };
    const { cluster, call } = serveTwice({ replays });
    cluster.state.set = () => Promise.reject(new Error('not this one'));
    expect((await call(0, await proven(MAIN), MAIN)).status).toBe(200);
    expect(asked).toHaveLength(1);
  });
});

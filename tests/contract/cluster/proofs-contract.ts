import { type Cluster, OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHolder } from '../attacks/holder.ts';
import { type AttackIssuer, RESOURCE, startAttackIssuer } from '../attacks/issuer.ts';
import { callTool } from '../attacks/messages.ts';
import { type Seen, send } from '../attacks/wire.ts';

export interface ProofPlaces {
  /** One for each of two replicas, with the same state behind. The servers close them. */
  readonly clusters: readonly [Cluster, Cluster];
  /** One whose state cannot be reached. */
  readonly away: Cluster;
}

interface Replica {
  readonly ran: string[];
  call(headers: Readonly<Record<string, string>>): Promise<Seen>;
  close(): Promise<void>;
}

/** Proofs of those who hold a key (RFC 9449 section 11.1) are good once among all replicas. */
export function proofsContract(name: string, open: () => Promise<ProofPlaces>): void {
  describe(`used proofs: ${name}`, () => {
    let issuer: AttackIssuer;
    let replicas: Replica[];
    beforeAll(async () => {
      issuer = await startAttackIssuer();
      const { clusters, away } = await open();
      replicas = await Promise.all([...clusters, away].map(startReplica));
    });
    afterAll(async () => {
      await Promise.all((replicas ?? []).map((replica) => replica.close()));
      await issuer?.close();
    });

    async function startReplica(cluster: Cluster): Promise<Replica> {
      const ran: string[] = [];
      const odin = new OdinServer({
        ...{ name: 'replica', version: '1', url: RESOURCE, secrets: ['thirty-two characters of a secret'], cluster },
        ...{ auth: { issuer: issuer.url, dpop: {} }, logger: { error: () => {}, warn: () => {} } },
      });
      odin.tool({ name: 'pay' }, () => {
        ran.push('pay');
        return 'paid';
      });
      const { port, close } = await listen(odin, { port: 0, host: '127.0.0.1' });
      const { headers: common, body } = callTool('pay');
      return { ran, close, call: (headers) => send(port, { headers: { ...common, ...headers }, body }) };
    }

    const replica = (at: number): Replica => {
      const found = replicas[at];
      if (!found) throw new Error('three replicas');
      return found;
    };

    async function prove(): Promise<Record<string, string>> {
      const holder = await createHolder();
      const token = await issuer.token({ cnf: { jkt: holder.thumbprint } });
      return { authorization: `DPoP ${token}`, dpop: await holder.prove(token) };
    }

    test('one that was used here is worth nothing there, nor here', async () => {
      const [headers, before] = [await prove(), replica(1).ran.length];
      expect((await replica(0).call(headers)).status).toBe(200);
      for (const at of [1, 0, 1]) {
        const { status, challenge } = await replica(at).call(headers);
        expect([status, challenge]).toEqual([401, expect.stringContaining('error="invalid_dpop_proof"')]);
      }
      expect(replica(1).ran.length).toBe(before);
      expect((await replica(1).call(await prove())).status).toBe(200);
    });

    test('one that comes to all at once is taken once', async () => {
      const headers = await prove();
      const before = replicas.flatMap(({ ran }) => ran).length;
      const seen = await Promise.all([0, 1, 0, 1, 0, 1].map((at) => replica(at).call(headers)));
      expect(seen.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401, 401]);
      expect(replicas.flatMap(({ ran }) => ran)).toHaveLength(before + 1);
    });

    test('none is taken while nobody can tell, and nothing runs', async () => {
      const { status, headers, challenge } = await replica(2).call(await prove());
      expect([status, headers['retry-after'], challenge]).toEqual([503, '1', undefined]);
      expect(replica(2).ran).toEqual([]);
    });
  });
}

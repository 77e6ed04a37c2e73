import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Most records of one kind; the oldest go first. */
const maxRecords = 1_000;

interface Stored {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/**
 * Creates the storage of one issuer. oidc-provider's own memory storage is shared by every issuer in the process and keeps
 * registered clients and short-lived records in one list of a thousand, so that clients would be forgotten.
 */
export function createMemoryAdapter(now: () => number): (kind: string) => Adapter {
  const kinds = new Map<string, Map<string, Stored>>();

  return (kind) => {
    const records = kinds.get(kind) ?? new Map<string, Stored>();
    kinds.set(kind, records);

    function find(id: string): AdapterPayload | undefined {
      const stored = records.get(id);
      if (stored && stored.expiresAt > now()) return stored.payload;
      records.delete(id);
      return undefined;
    }

    function findBy(name: 'uid' | 'userCode', value: string): AdapterPayload | undefined {
      for (const [id, { payload }] of records) if (payload[name] === value) return find(id);
      return undefined;
    }

    return {
      async upsert(id, payload, expiresIn) {
        records.delete(id);
        for (const [oldest] of records) {
          if (records.size < maxRecords) break;
          records.delete(oldest);
        }
        const expiresAt = expiresIn ? now() + expiresIn * 1000 : Number.POSITIVE_INFINITY;
        records.set(id, { payload, expiresAt });
      },
      find: async (id) => find(id),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      async consume(id) {
        const payload = find(id);
        if (payload) payload.consumed = Math.floor(now() / 1000);
      },
      async destroy(id) {
        records.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of records) if (payload.grantId === grantId) records.delete(id);
      },
    };
  };
}

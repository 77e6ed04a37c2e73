import type { StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client';

/** One sign-in: who issued it, for which server, and what is needed to renew it. */
export interface Credential {
  readonly issuer: string;
  readonly resource: string;
  /** What was asked for, as `formatScopes` writes it; empty when it was left to the server. */
  readonly scope: string;
  readonly client: StoredOAuthClientInformation;
  readonly tokens: StoredOAuthTokens;
  /** Epoch milliseconds; 0 when the issuer did not say. */
  readonly expiresAt: number;
}

/** A server and a set of scopes: each has a sign-in of its own, so that asking for more takes nothing away from what is kept. */
export type Grant = Pick<Credential, 'resource' | 'scope'>;

export interface CredentialFiles {
  read(path: string): Promise<string | undefined>;
  writePrivate(path: string, content: string): Promise<void>;
}

/** Sign-ins in one file of the user, readable by nobody else. */
export interface CredentialStore {
  find(grant: Grant, issuer?: string): Promise<Credential | undefined>;
  save(credential: Credential): Promise<void>;
  remove(grant: Grant): Promise<void>;
}

export function createCredentialStore(path: string, files: CredentialFiles): CredentialStore {
  const load = async (): Promise<Credential[]> => parseCredentials((await files.read(path)) ?? '[]');
  const store = (all: readonly Credential[]): Promise<void> =>
    files.writePrivate(path, `${JSON.stringify(all, undefined, 2)}\n`);
  return {
    find: async (grant, issuer) =>
      (await load()).find((one) => isFor(grant, one) && (issuer === undefined || one.issuer === issuer)),
    save: async (credential) => {
      const others = (await load()).filter((one) => !isFor(credential, one) || one.issuer !== credential.issuer);
      await store([credential, ...others]);
    },
    remove: async (grant) => store((await load()).filter((one) => !isFor(grant, one))),
  };
}

function isFor(grant: Grant, { resource, scope }: Credential): boolean {
  return resource === grant.resource && scope === grant.scope;
}

/** What is damaged counts as not there: the user signs in again. */
function parseCredentials(text: string): Credential[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isCredential) : [];
  } catch {
    return [];
  }
}

function isCredential(value: unknown): value is Credential {
  const { issuer, resource, scope, client, tokens, expiresAt } = (value ?? {}) as Record<string, unknown>;
  const texts = [issuer, resource, scope, (tokens as { access_token?: unknown } | undefined)?.access_token];
  return texts.every((text) => typeof text === 'string') && typeof client === 'object' && typeof expiresAt === 'number';
}

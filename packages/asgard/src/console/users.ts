import type { DevUser } from '../dev/stack.ts';
import type { CreateMcpClient, McpClient } from './mcp-client.ts';

export interface UsersOptions {
  readonly users: readonly DevUser[];
  readonly mcpUrl: string;
  readonly version: string;
  /** Signs a user in and answers with an access token, which stays in this process. */
  readonly signIn: (user: DevUser) => Promise<string>;
  readonly createClient: CreateMcpClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The clients of the development users, made when they are first used. */
export interface Users {
  /** Undefined when there is no such user. */
  clientOf(username: string): McpClient | undefined;
}

/** A token that is about to expire is not used any more. */
const EXPIRY_MARGIN_MS = 30_000;

export function createUsers({ users, mcpUrl, version, signIn, createClient, now }: UsersOptions): Users {
  const clients = new Map<string, McpClient>();
  return {
    clientOf(username) {
      const known = clients.get(username);
      const user = users.find((candidate) => candidate.username === username);
      if (known !== undefined || user === undefined) return known;
      const client = createClient({ url: mcpUrl, version, token: createTokenSource(() => signIn(user), now) });
      clients.set(username, client);
      return client;
    },
  };
}

function createTokenSource(signIn: () => Promise<string>, now: () => number): (fresh: boolean) => Promise<string> {
  let token: Promise<string> | undefined;
  let expiresAt = 0;
  return (fresh) => {
    if (token !== undefined && !fresh && now() < expiresAt) return token;
    expiresAt = Number.POSITIVE_INFINITY;
    const next = signIn();
    token = next;
    next.then(
      (value) => {
        expiresAt = readExpiry(value) - EXPIRY_MARGIN_MS;
      },
      () => {
        if (token === next) token = undefined;
      },
    );
    return next;
  };
}

/** Milliseconds since 1970; a token that does not say is used until it is refused. */
function readExpiry(token: string): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    return typeof claims.exp === 'number' ? claims.exp * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

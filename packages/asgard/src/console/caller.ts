import { isRecord } from './message.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who sent a request and what it asks for, read from its headers. For the eye only: nothing here is verified. */
export interface Caller {
  readonly method?: string;
  readonly target?: string;
  readonly who?: string;
  readonly client?: string;
}

export function readCaller(headers: Headers): Caller {
  const method = one(headers['mcp-method']);
  const target = one(headers['mcp-name']);
  const client = one(headers['user-agent']);
  const who = readName(one(headers.authorization));
  return {
    ...(method !== undefined && { method }),
    ...(target !== undefined && { target: decodeName(target) }),
    ...(who !== undefined && { who }),
    ...(client !== undefined && { client }),
  };
}

/** The name in a JWT. The token itself goes no further. */
function readName(authorization: string | undefined): string | undefined {
  const [, payload] = /^bearer [\w-]+\.([\w-]+)\./i.exec(authorization ?? '') ?? [];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!isRecord(claims)) return undefined;
    const name = claims.preferred_username ?? claims.sub;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Names that no header can carry come as `=?base64?…?=` (MCP 2026-07-28, basic/transports). */
function decodeName(value: string): string {
  const [, encoded] = /^=\?base64\?(.*)\?=$/.exec(value) ?? [];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}

function one(value: string | readonly string[] | undefined): string | undefined {
  const first = typeof value === 'string' ? value : value?.[0];
  return first === '' ? undefined : first;
}

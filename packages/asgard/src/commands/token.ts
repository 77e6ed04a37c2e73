import type { DevFile } from '../dev/dev-file.ts';
import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRunning } from '../project.ts';

export interface TokenFlags {
  readonly user?: string;
  readonly url?: string;
  readonly scope?: readonly string[];
  readonly json?: boolean;
}

/** Prints an access token, of a development user or for any server, and nothing else, on stdout. */
export async function token(flags: TokenFlags, io: Io): Promise<number> {
  const text = await obtain(flags, io);
  io.stdout.write(flags.json === true ? `${JSON.stringify({ ok: true, token: text })}\n` : `${text}\n`);
  return 0;
}

async function obtain({ url, user, scope = [] }: TokenFlags, io: Io): Promise<string> {
  if (url === undefined) return fetchToken(await findRunning(io), { username: user, scopes: scope }, io);
  if (user !== undefined) throw new AsgardError('usage', '--user is for the server under asgard dev.');
  return io.signInByBrowser(url, scope);
}

/** Whose token of the development stack, and with which scopes. */
export interface TokenRequest {
  /** @default the first user */
  readonly username?: string | undefined;
  /** @default what the issuer gives to those who ask for none */
  readonly scopes?: readonly string[];
}

/** @throws AsgardError `usage` for an unknown user, `sign_in_failed` */
export async function fetchToken(running: DevFile, request: TokenRequest, io: Io): Promise<string> {
  const { username, scopes = [] } = request;
  const user =
    username === undefined ? running.users[0] : running.users.find((candidate) => candidate.username === username);
  if (user === undefined) {
    const names = running.users.map((candidate) => candidate.username).join(', ');
    throw new AsgardError('usage', `There is no user "${username}". Users: ${names}.`);
  }
  const { issuer, mcpUrl } = running;
  try {
    return await io.signIn({ issuer, mcpUrl, username: user.username, password: user.password, scopes });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AsgardError('sign_in_failed', `Could not sign in as ${user.username} at ${issuer}: ${reason}`, { cause });
  }
}

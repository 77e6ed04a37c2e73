import type { DevFile } from '../dev/dev-file.ts';
import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRunning } from '../project.ts';

export interface TokenFlags {
  readonly user?: string;
  readonly url?: string;
}

/** Prints an access token, of a development user or for any server, and nothing else, on stdout. */
export async function token(flags: TokenFlags, io: Io): Promise<number> {
  if (flags.url !== undefined) {
    if (!URL.canParse(flags.url)) throw new AsgardError('usage', `--url ${flags.url} is not a URL.`);
    if (flags.user !== undefined) throw new AsgardError('usage', '--user is for the server under asgard dev.');
    io.stdout.write(`${await io.signInByBrowser(flags.url)}\n`);
    return 0;
  }
  io.stdout.write(`${await fetchToken(await findRunning(io), flags.user, io)}\n`);
  return 0;
}

/** @throws AsgardError `usage` for an unknown user, `sign_in_failed` */
export async function fetchToken(running: DevFile, username: string | undefined, io: Io): Promise<string> {
  const user =
    username === undefined ? running.users[0] : running.users.find((candidate) => candidate.username === username);
  if (user === undefined) {
    const names = running.users.map((candidate) => candidate.username).join(', ');
    throw new AsgardError('usage', `There is no user "${username}". Users: ${names}.`);
  }
  const { issuer, mcpUrl } = running;
  try {
    return await io.signIn({ issuer, mcpUrl, username: user.username, password: user.password });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AsgardError('sign_in_failed', `Could not sign in as ${user.username} at ${issuer}: ${reason}`, { cause });
  }
}

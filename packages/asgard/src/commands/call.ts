import type { Connection, Progress, ToolResult } from '../client/connection.ts';
import { formatToolList } from '../client/tool-list.ts';
import { AsgardError, ScopeMissingError } from '../errors.ts';
import type { Io } from '../io.ts';
import { parseKeyValues } from '../key-values.ts';
import { findRunning } from '../project.ts';
import { formatShellWords } from '../shell-words.ts';
import { fetchToken } from './token.ts';

/** Which server, and as whom. */
export interface TargetFlags {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
  readonly scope?: readonly string[];
}

export interface CallFlags extends TargetFlags {
  readonly json?: boolean;
  /** Seconds without a sign of life from the server. */
  readonly timeout: number;
}

/** Calls a tool as a signed-in user: progress on stderr as it comes, the result on stdout. Without a tool: lists them. */
export async function call([tool, ...words]: readonly string[], flags: CallFlags, io: Io): Promise<number> {
  if (tool === undefined) return listTools(flags, io);
  const args = parseKeyValues(words);
  try {
    return await callWith(tool, { args, flags }, io);
  } catch (error) {
    if (error instanceof ScopeMissingError) throw withCommand(error, [tool, ...words], flags);
    throw error;
  }
}

/** JSON-RPC 2.0 section 5.1: what a server answers that does not know the tool. */
function isInvalidParams(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === -32_602;
}

interface Request {
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags: CallFlags;
}

async function callWith(tool: string, { args, flags }: Request, io: Io): Promise<number> {
  const connection = await connectTo(await findTarget(flags, io), io);
  try {
    const result = await connection.callTool(tool, {
      args,
      signal: io.interrupted,
      timeoutMs: flags.timeout * 1000,
      onProgress: (progress) => io.stderr.write(`${formatProgress(progress)}\n`),
    });
    return printResult(result, flags.json === true, io);
  } catch (error) {
    throw await nameTools(error, tool, connection);
  } finally {
    // The answer is there or never comes; a server that is slow to say goodbye changes nothing.
    await connection.close().catch(() => undefined);
  }
}

async function listTools(flags: CallFlags, io: Io): Promise<number> {
  const connection = await connectTo(await findTarget(flags, io), io);
  try {
    const tools = await connection.listTools();
    if (flags.json === true) io.stdout.write(`${JSON.stringify({ ok: true, tools }, undefined, 2)}\n`);
    else if (tools.length > 0) io.stdout.write(formatToolList(tools));
    else io.stderr.write('The server offers this user no tool. With more scopes it may: --scope SCOPE\n');
    return 0;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

const MAX_NAMES = 20;

/** A tool that is not there may only be misspelt: says which there are. */
async function nameTools(error: unknown, tool: string, connection: Connection): Promise<unknown> {
  if (!(error instanceof AsgardError) || !isInvalidParams(error.cause)) return error;
  const tools = await connection.listTools().catch(() => []);
  if (tools.length === 0 || tools.some(({ name }) => name === tool)) return error;
  const names = tools.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = tools.length > MAX_NAMES ? `, and ${tools.length - MAX_NAMES} more` : '';
  return new AsgardError('call_failed', `There is no tool "${tool}". Tools: ${names.join(', ')}${more}.`, {
    cause: error,
  });
}

/** Says the same call once more, with what was missing. */
function withCommand(error: ScopeMissingError, words: readonly string[], flags: CallFlags): ScopeMissingError {
  const { scopes, message } = error;
  if (flags.token !== undefined) {
    return new ScopeMissingError(`${message} Pass a --token that has it.`, scopes, { cause: error });
  }
  const wanted = [...new Set([...(flags.scope ?? []), ...scopes])];
  const again = [
    ...['npx', 'asgard', 'call', ...words],
    ...(flags.user === undefined ? [] : ['--user', flags.user]),
    ...(flags.url === undefined ? [] : ['--url', flags.url]),
    ...(wanted.length === 0 ? ['--scope', 'SCOPE'] : wanted.flatMap((scope) => ['--scope', scope])),
  ];
  return new ScopeMissingError(`${message} Ask for it: ${formatShellWords(again)}`, scopes, { cause: error });
}

/** A server that asks for a token, and nobody gave one, gets that of a sign-in in the browser. */
async function connectTo({ url, token, scopes }: Target, io: Io): Promise<Connection> {
  const attempt = { url, version: io.version, signal: io.interrupted };
  try {
    return await io.connect({ ...attempt, token });
  } catch (error) {
    if (!(error instanceof AsgardError) || error.code !== 'token_missing') throw error;
    return io.connect({ ...attempt, token: await io.signInByBrowser(url, scopes) });
  }
}

/** Connects to the server that the flags mean, as its commands do. @throws AsgardError */
export async function connectToServer(flags: TargetFlags, io: Io): Promise<Connection> {
  return connectTo(await findTarget(flags, io), io);
}

interface Target {
  readonly url: string;
  readonly token: string | undefined;
  /** Of the sign-in, when the server asks for one. */
  readonly scopes: readonly string[];
}

/** The running `asgard dev` with a token of one of its users, or any URL with the token that was given. */
async function findTarget(flags: TargetFlags, io: Io): Promise<Target> {
  const { scope: scopes = [] } = flags;
  if (flags.token !== undefined && scopes.length > 0) {
    throw new AsgardError('usage', '--scope asks for a token, and --token is one. Give one of the two.');
  }
  // A flag says more than the environment.
  const given = scopes.length > 0 ? undefined : (flags.token ?? io.env.ASGARD_TOKEN);
  const user = { username: flags.user, scopes };
  if (flags.url !== undefined) {
    const running = await findRunning(io).catch(() => undefined);
    const own = running !== undefined && new URL(running.mcpUrl).href === new URL(flags.url).href;
    if (own && given === undefined) return { url: flags.url, token: await fetchToken(running, user, io), scopes };
    if (flags.user !== undefined) {
      throw new AsgardError(
        'usage',
        '--user is for the server under asgard dev. For another URL pass --token, set ASGARD_TOKEN, or sign in.',
      );
    }
    if (scopes.length > 0) return { url: flags.url, token: await io.signInByBrowser(flags.url, scopes), scopes };
    return { url: flags.url, token: given, scopes };
  }
  const running = await findRunning(io);
  return { url: running.mcpUrl, token: given ?? (await fetchToken(running, user, io)), scopes };
}

function formatProgress({ progress, total, message }: Progress): string {
  const count = total === undefined ? String(progress) : `${progress}/${total}`;
  return message === undefined ? count : `${count} ${message}`;
}

function printResult(result: ToolResult, json: boolean, io: Io): number {
  const { content, structuredContent, isError } = result;
  if (json) {
    io.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    return isError === true ? 1 : 0;
  }
  const text =
    structuredContent !== undefined && isError !== true
      ? JSON.stringify(structuredContent)
      : content.map((block) => block.text ?? `[${block.type}]`).join('\n');
  (isError === true ? io.stderr : io.stdout).write(`${text}\n`);
  return isError === true ? 1 : 0;
}

import type { Connection, Progress, ToolResult } from '../client/connection.ts';
import { AsgardError } from '../errors.ts';
import type { Io } from '../io.ts';
import { parseKeyValues } from '../key-values.ts';
import { findRunning } from '../project.ts';
import { fetchToken } from './token.ts';

export interface CallFlags {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
  readonly json?: boolean;
  /** Seconds without a sign of life from the server. */
  readonly timeout: number;
}

/** Calls a tool as a signed-in user: progress on stderr as it comes, the result on stdout. */
export async function call([tool, ...words]: readonly string[], flags: CallFlags, io: Io): Promise<number> {
  if (tool === undefined) throw new AsgardError('usage', 'Name the tool: asgard call TOOL key=value');
  const args = parseKeyValues(words);
  const connection = await connectTo(await findTarget(flags, io), io);
  try {
    const result = await connection.callTool(tool, {
      args,
      signal: io.interrupted,
      timeoutMs: flags.timeout * 1000,
      onProgress: (progress) => io.stderr.write(`${formatProgress(progress)}\n`),
    });
    return printResult(result, flags.json === true, io);
  } finally {
    // The answer is there or never comes; a server that is slow to say goodbye changes nothing.
    await connection.close().catch(() => undefined);
  }
}

/** A server that asks for a token, and nobody gave one, gets that of a sign-in in the browser. */
async function connectTo({ url, token }: Target, io: Io): Promise<Connection> {
  const attempt = { url, version: io.version, signal: io.interrupted };
  try {
    return await io.connect({ ...attempt, token });
  } catch (error) {
    if (!(error instanceof AsgardError) || error.code !== 'token_missing') throw error;
    return io.connect({ ...attempt, token: await io.signInByBrowser(url) });
  }
}

interface Target {
  readonly url: string;
  readonly token: string | undefined;
}

/** The running `asgard dev` with a token of one of its users, or any URL with the token that was given. */
async function findTarget(flags: CallFlags, io: Io): Promise<Target> {
  const given = flags.token ?? io.env.ASGARD_TOKEN;
  if (flags.url !== undefined) {
    if (!URL.canParse(flags.url)) throw new AsgardError('usage', `--url ${flags.url} is not a URL.`);
    const running = await findRunning(io).catch(() => undefined);
    const own = running !== undefined && new URL(running.mcpUrl).href === new URL(flags.url).href;
    if (own && given === undefined) return { url: flags.url, token: await fetchToken(running, flags.user, io) };
    if (flags.user !== undefined) {
      throw new AsgardError(
        'usage',
        '--user is for the server under asgard dev. For another URL pass --token, set ASGARD_TOKEN, or sign in.',
      );
    }
    return { url: flags.url, token: given };
  }
  const running = await findRunning(io);
  return { url: running.mcpUrl, token: given ?? (await fetchToken(running, flags.user, io)) };
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

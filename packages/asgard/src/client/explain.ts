import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { AsgardError, ScopeMissingError } from '../errors.ts';
import { splitScope } from '../scope.ts';
import { describeRefusal } from './refusal.ts';

export interface Attempt {
  readonly url: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly what: 'connect' | 'call';
}

/** The client does not do what the request needs, such as to answer questions (MCP 2026-07-28, `MissingRequiredClientCapability`). */
const MISSING_CAPABILITY = -32_021;

const HINTS: readonly (readonly [end: string, hint: string])[] = [
  ['(404)', '. Is the path right? Most endpoints end in /mcp.'],
  ['(502)', '. The server behind it does not answer: its log says why, under asgard dev in that terminal.'],
];

/** What went wrong between client and server, in one line that says what to do. */
export function explain(error: unknown, { url, token, signal, what }: Attempt): AsgardError {
  const options = { cause: error };
  const message = error instanceof Error ? error.message : String(error);
  if (signal.aborted) return new AsgardError('cancelled', 'Cancelled.', options);
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new AsgardError('timed_out', `No answer in time from ${url}. Pass a longer --timeout.`, options);
  }
  const insufficient = findInsufficientScope(error);
  if (insufficient !== undefined) {
    const scopes = splitScope(insufficient.requiredScope);
    const which = scopes.length === 0 ? 'more scopes' : `the scope ${scopes.join(' ')}`;
    return new ScopeMissingError(`${url} wants ${which}, which the token does not have (403).`, scopes, options);
  }
  if (isUnauthorized(error)) {
    const reason = token === undefined ? 'asks for a token' : 'refuses the token';
    const code = token === undefined ? 'token_missing' : 'connect_failed';
    return new AsgardError(code, `${url} ${reason} (401). Pass --token or set ASGARD_TOKEN.`, options);
  }
  if (error instanceof ProtocolError && error.code === MISSING_CAPABILITY) {
    const answer =
      'The command line cannot answer what a tool asks: the console page of asgard dev can, and the MCP Inspector.';
    return new AsgardError('call_failed', `${message} (${error.code}). ${answer}`, options);
  }
  if (error instanceof ProtocolError) return new AsgardError('call_failed', `${message} (${error.code})`, options);
  if (isRefused(error)) {
    return new AsgardError('connect_failed', `Nothing answers at ${url}. Start the server: npx asgard dev`, options);
  }
  const refused = describeRefusal(error);
  if (refused !== undefined) {
    const hint = what === 'connect' ? (HINTS.find(([end]) => refused.endsWith(end))?.[1] ?? '') : '';
    return new AsgardError(what === 'connect' ? 'connect_failed' : 'call_failed', `${url}: ${refused}${hint}`, options);
  }
  const root = rootMessage(error);
  if (isUnreachable(error)) return new AsgardError('connect_failed', `${url} cannot be reached: ${root}`, options);
  const reason = message.includes(root) ? message : `${message} (${root})`;
  return new AsgardError(what === 'connect' ? 'connect_failed' : 'call_failed', `${url}: ${reason}`, options);
}

function rootMessage(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.message : String(at);
}

function findInsufficientScope(error: unknown): InsufficientScopeError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof InsufficientScopeError) return at;
  }
  return undefined;
}

function isUnauthorized(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { status } = at as { status?: unknown };
    if (at instanceof UnauthorizedError || status === 401 || /\bHTTP 401\b/.test(at.message)) return true;
  }
  return false;
}

/** No answer at all: that is how fetch says it, whatever the reason. */
function isUnreachable(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof TypeError && at.message === 'fetch failed') return true;
  }
  return false;
}

function isRefused(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true;
    if (at instanceof AggregateError && at.errors.some(isRefused)) return true;
  }
  return false;
}

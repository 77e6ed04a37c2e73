import { STATUS_CODES } from 'node:http';
import {
  GRIP_INSTRUCT_TYPE,
  type HoldChannel,
  type HoldInstruction,
  type HoldStatus,
  isGripHeader,
  type KeepAlive,
  type NextLink,
  parseHoldBody,
  parseHoldHeaders,
  parseLinkHeaders,
  parseStatus,
} from '@asgard/grip';
import { type HeaderList, headerValue, withoutHeaders, withoutHopByHop } from '../http/header-list.ts';
import type { UpstreamHead } from '../http/upstream.ts';

/** The answer that goes to the client: at once for a stream, at the timeout for a held response. */
export interface InstructResponse extends UpstreamHead {
  readonly body: Uint8Array;
}

/** An origin's response read the way Pushpin reads it, every default filled in. */
export interface Instruct {
  readonly mode: 'none' | 'stream' | 'response';
  readonly channels: readonly HoldChannel[];
  /** Of held responses, in seconds. */
  readonly timeoutSeconds: number;
  readonly keepAlive: KeepAlive | undefined;
  readonly next: Required<NextLink> | undefined;
  readonly gone: string | undefined;
  readonly meta: Readonly<Record<string, string>>;
  readonly response: InstructResponse;
}

const DEFAULT_TIMEOUT_SECONDS = 55;
const MIN_TIMEOUT_SECONDS = 5;
const DEFAULT_LINK_SECONDS = 120;

/** Whether a response speaks to the proxy and is therefore to be read whole before anything is sent. */
export function isInstruct({ headers }: UpstreamHead): boolean {
  return hasInstructBody(headers) || headers.some(([name]) => isGripHeader(name));
}

/** Whether a response may hold the connection or leads on by itself; anything else with Grip-* is answered and done. */
export function isHolding({ mode, next }: Instruct): boolean {
  return mode !== 'none' || next !== undefined;
}

/**
 * Reads hold, links and the client's answer from an origin's response.
 *
 * @throws GripError on anything that Pushpin answers with 502
 */
export function readInstruct(head: UpstreamHead, body: Uint8Array): Instruct {
  const grip = new Headers(head.headers.filter(([name]) => isGripHeader(name)).map(([name, value]) => [name, value]));
  return hasInstructBody(head.headers) ? readInstructBody(head, grip, body) : readInstructHeaders(head, grip, body);
}

function readInstructHeaders(head: UpstreamHead, grip: Headers, body: Uint8Array): Instruct {
  const hold = parseHoldHeaders(grip);
  const statusText = grip.get('grip-status');
  const status = hold?.status ?? (statusText ? parseStatus(statusText) : undefined);
  const exposed = hold?.exposeHeaders ?? splitNames(grip.get('grip-expose-headers'));
  return complete(hold, grip, { ...statusLine(head, status), headers: clientHeaders(head.headers, exposed), body });
}

function readInstructBody(head: UpstreamHead, grip: Headers, body: Uint8Array): Instruct {
  if (head.status !== 200) throw new Error(`A response of type ${GRIP_INSTRUCT_TYPE} must have status 200.`);
  const { hold, response, status } = parseHoldBody(grip, Buffer.from(body).toString('utf8'));
  const text = response.body ?? '';
  return complete(hold, grip, {
    ...statusLine(head, status),
    headers: clientHeaders(Object.entries(response.headers ?? {}), []),
    body: typeof text === 'string' ? Buffer.from(text) : text,
  });
}

function complete(hold: HoldInstruction | undefined, grip: Headers, response: InstructResponse): Instruct {
  const { next, gone } = hold ?? parseLinkHeaders(grip);
  const keepAlive = hold?.keepAlive;
  return {
    mode: hold?.mode ?? 'none',
    channels: hold?.channels ?? [],
    timeoutSeconds: Math.max(hold?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS, MIN_TIMEOUT_SECONDS),
    keepAlive: keepAlive && { ...keepAlive, timeoutSeconds: Math.max(keepAlive.timeoutSeconds, 1) },
    next: next && { uri: next.uri, timeoutSeconds: Math.max(next.timeoutSeconds ?? DEFAULT_LINK_SECONDS, 1) },
    gone: gone?.uri,
    meta: hold?.meta ?? {},
    response,
  };
}

function statusLine(head: UpstreamHead, status: HoldStatus | undefined): Pick<UpstreamHead, 'status' | 'reason'> {
  const code = status?.code ?? head.status;
  const own = code === head.status ? head.reason : '';
  return { status: code, reason: status?.reason || own || STATUS_CODES[code] || '' };
}

/** What the origin says to the client: nothing for the proxy, nothing about the length, and only exposed fields if there are any. */
function clientHeaders(headers: HeaderList, exposed: readonly string[]): HeaderList {
  const allowed = new Set(exposed.map((name) => name.toLowerCase()));
  return withoutHeaders(
    withoutHopByHop(headers),
    (name) => isGripHeader(name) || name === 'content-length' || (allowed.size > 0 && !allowed.has(name)),
  );
}

function hasInstructBody(headers: HeaderList): boolean {
  const type = headerValue(headers, 'content-type')?.split(';')[0]?.trim();
  return type === GRIP_INSTRUCT_TYPE;
}

function splitNames(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
